'use strict';

/**
 * The nodes of a cluster as handles, for what is to be asked of one of them: its commands go there, wherever their keys
 * are. They cost a socket only where nothing else of the purpose goes to that node.
 */

const bridge = require('../../bridge');
const { slotOf } = require('../../cluster/key-slot');
const { nodesOf, nodesOfSlot } = require('../../cluster/topology');
const { commandInfo } = require('../../errors');
const { LinkView, NO_LINK, SUBSCRIBER } = require('../link-view');

/** @typedef {import('../../cluster/topology').Node} Node */
/** @typedef {import('../redis').Redis} Redis */

/** The link of a purpose to one node. */
class NodeView extends LinkView {
  #purposeLink = NO_LINK;

  /**
   * @param {string} purpose
   * @param {string} address
   */
  constructor(purpose, address) {
    super(purpose);
    this.address = address;
  }

  /** @param {number} purposeLink the link of the purpose, which the node's belongs to */
  update(purposeLink) {
    this.#purposeLink = purposeLink;
    const { purposes, lanes } = bridge.snapshot();
    const { nodes = [] } = purposes.find(({ index }) => index === purposeLink) ?? {};
    this.lanes = lanes.declared;
    // Before there is a number it is found by its address; a host name is another one in the figures.
    const link =
      nodes.find(({ index }) => index === this.index) ?? nodes.find(({ address }) => address === this.address);
    this.index = this.commandLink = this.plainLink = link?.index ?? NO_LINK;
    if (link !== undefined) this.state = link.state === 'closing' ? 'close' : link.state;
    else this.state = purposeLink === NO_LINK ? 'end' : 'wait';
  }

  open() {
    if (this.#purposeLink === NO_LINK) return;
    this.index = this.commandLink = this.plainLink = bridge.nodeLink(this.#purposeLink, this.address);
  }

  /** Its own link is opened when it is needed. */
  get isDeclared() {
    return this.#purposeLink !== NO_LINK;
  }

  /** A node's link is not leased by itself: that of its purpose is, to the node of a slot. */
  get leasedLink() {
    return this.lanes > 0 ? bridge.ANY_LANE : this.#purposeLink;
  }

  get isOfCluster() {
    return true;
  }

  /**
   * Whether this process has its subscription there: to a shard channel with the master of its slot, to others on one
   * node for all of them.
   *
   * @param {boolean} isShard
   * @param {string | Buffer} name
   */
  carries(isShard, name) {
    if (isShard) return nodesOfSlot(slotOf(name))[0]?.address === this.address;
    const { nodes = [] } = bridge.snapshot().purposes.find(({ purpose }) => purpose === SUBSCRIBER) ?? {};
    return nodes.some(({ address, subscriptions }) => address === this.address && subscriptions > 0);
  }

  /** Nothing was given up: the link is dialled when it is needed. */
  dial() {
    return false;
  }
}

/** @type {Map<string, { view: NodeView, purposeView: LinkView }>} by purpose and address */
const known = new Map();

/** @type {new (view: LinkView, own: Readonly<Record<string, any>>) => Redis} */
let HandleClass;

/**
 * Handles have nodes, and nodes are handles: so the class of them comes from its own module.
 *
 * @param {typeof HandleClass} Class
 */
function nodesAre(Class) {
  HandleClass = Class;
}

/** @type {WeakMap<NodeView, Redis>} */
const handleOf = new WeakMap();

/**
 * @param {LinkView} view of the purpose
 * @param {'all' | 'master' | 'slave'} role
 * @returns {Redis[]}
 */
function nodeHandles(view, role) {
  return nodesOf(role).map((node) => nodeHandle(view, node));
}

/**
 * The handle of a node, the same at every call until it is ended.
 *
 * @param {LinkView} purposeView
 * @param {Pick<Node, 'address' | 'host' | 'port' | 'role'>} node
 * @returns {Redis}
 */
function nodeHandle(purposeView, { address, host, port, role }) {
  const view = nodeView(purposeView, address);
  const own = { host, port, role, readOnly: role === 'slave' };
  const handle = handleOf.get(view);
  if (handle !== undefined && !handle.isEnded) {
    // After a failover it is the same node, in another role.
    Object.assign(handle.options, { role, readOnly: own.readOnly });
    return handle;
  }
  const made = new HandleClass(view, own);
  handleOf.set(view, made);
  return made;
}

/**
 * The link of a purpose to a node, as all handles of that node see it.
 *
 * @param {LinkView} purposeView
 * @param {string} address
 * @returns {NodeView}
 */
function nodeView(purposeView, address) {
  const key = `${purposeView.purpose} ${address}`;
  let entry = known.get(key);
  if (entry === undefined) {
    entry = { view: new NodeView(purposeView.purpose, address), purposeView };
    known.set(key, entry);
  }
  entry.view.update(purposeView.commandLink);
  return entry.view;
}

/**
 * Which node the application's `scaleReads` has a command go to.
 *
 * @param {Pick<import('../sender').Sender, 'view' | 'options'>} sender
 * @param {Node[]} nodes of the slot: the master, and its replicas
 * @param {import('../../commands').Command} command
 * @param {ReadonlyArray<unknown>} args
 * @returns {number | undefined} the node's link; undefined where it chose none
 */
function chosenNode({ view, options }, nodes, command, args) {
  if (nodes.length === 0) return undefined;
  const handles = nodes.map((node) => nodeHandle(view, node));
  const chosen = options().scaleReads(handles, { ...commandInfo(command.name, args), isReadOnly: true });
  const one = Array.isArray(chosen) ? chosen[Math.floor(Math.random() * chosen.length)] : chosen;
  const at = Math.max(handles.indexOf(one), 0);
  const link = bridge.nodeLink(view.commandLink, nodes[at].address);
  return link === NO_LINK ? undefined : link;
}

// Behind the listener of the views, which tells of a node that is gone by its handle.
bridge.onEvent((event) => {
  const { type } = event;
  const isClosed = type === 'closed';
  if (!isClosed && type !== 'topology' && type !== 'node' && type !== 'link') return;
  for (const [key, { view, purposeView }] of known) {
    view.update(isClosed ? NO_LINK : purposeView.commandLink);
    if (isClosed || (event.event === '-node' && event.address === view.address)) known.delete(key);
  }
});

module.exports = { NodeView, nodesAre, nodeView, nodeHandle, nodeHandles, chosenNode };
