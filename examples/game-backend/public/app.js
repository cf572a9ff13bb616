// The page: draws what the WebSocket tells, and asks /stats for the connections.

const GEM_COLOURS = { 1: '#60a5fa', 2: '#34d399', 3: '#f472b6', 5: '#fbbf24' };
const MAX_EVENTS = 16;

const element = (id) => document.getElementById(id);
const scores = new Map();
let wins = {};
let me = null;
let socket = null;

function connect() {
  socket = new WebSocket(`${location.origin.replace('http', 'ws')}/live`);
  socket.onopen = () => {
    element('live').classList.add('on');
    if (me) socket.send(JSON.stringify({ type: 'join', playerId: me.id }));
  };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    handlers[event.type]?.(event);
  };
  socket.onclose = () => {
    element('live').classList.remove('on');
    setTimeout(connect, 1000);
  };
}

const handlers = {
  welcome({ instance, state }) {
    drawBoard(state);
    scores.clear();
    for (const { id, name, score } of state.leaderboard) scores.set(id, { name, score });
    wins = state.wins;
    element('round').textContent = state.round?.number ?? '–';
    element('online').textContent = state.online;
    drawLeaderboard();
    tell(`connected to instance ${instance}`);
  },
  tick({ round, secondsLeft }) {
    element('round').textContent = round;
    element('seconds').textContent = secondsLeft;
  },
  gem({ cell, value }) {
    drawGem(cell, value);
  },
  dug({ cell, player, points, score }) {
    clearCell(cell);
    scores.set(player.id, { name: player.name, score });
    drawLeaderboard();
    tell(`${player.name} digs up ${points} point${points === 1 ? '' : 's'}`);
  },
  joined({ player }) {
    tell(`${player.name} joins`);
  },
  'round-started'({ round }) {
    for (const cell of element('board').children) cell.className = 'cell';
    scores.clear();
    drawLeaderboard();
    tell(`round ${round.number} begins`);
  },
  'round-ended'({ round, winner }) {
    if (winner) wins[winner.id] = (wins[winner.id] ?? 0) + 1;
    tell(winner ? `${winner.name} wins round ${round} with ${winner.score}` : `round ${round} ends without a winner`);
  },
  you({ player }) {
    me = player;
    element('you').textContent = `playing as ${player.name}`;
    drawLeaderboard();
  },
  error({ message }) {
    tell(message);
  },
};

function drawBoard({ columns, rows, gems }) {
  const board = element('board');
  board.style.gridTemplateColumns = `repeat(${columns}, 1fr)`;
  board.replaceChildren(
    ...Array.from({ length: columns * rows }, (_, cell) => {
      const button = document.createElement('button');
      button.className = 'cell';
      button.setAttribute('aria-label', `dig at ${cell}`);
      button.onclick = () => dig(cell);
      return button;
    }),
  );
  for (const [cell, value] of Object.entries(gems)) drawGem(Number(cell), Number(value));
}

function drawGem(cell, value) {
  const button = element('board').children[cell];
  if (!button) return;
  button.className = 'cell gem';
  button.textContent = value;
  button.style.setProperty('--gem', GEM_COLOURS[value] ?? '#c084fc');
}

function clearCell(cell) {
  const button = element('board').children[cell];
  if (!button) return;
  button.className = 'cell dug';
  button.textContent = '';
}

function dig(cell) {
  if (me) socket.send(JSON.stringify({ type: 'dig', cell }));
  else element('name').focus();
}

function drawLeaderboard() {
  const standings = [...scores].sort(([, a], [, b]) => b.score - a.score).slice(0, 10);
  element('leaderboard').replaceChildren(
    ...standings.map(([id, { name, score }]) => {
      const crowns = wins[id] ? ` ${'♛'.repeat(Math.min(wins[id], 5))}` : '';
      const item = row('li', [name + crowns, score], 'span');
      if (id === me?.id) item.className = 'me';
      return item;
    }),
  );
}

function tell(text) {
  const item = document.createElement('li');
  item.textContent = text;
  const list = element('events');
  list.prepend(item);
  while (list.children.length > MAX_EVENTS) list.lastChild.remove();
}

element('join').onsubmit = async (event) => {
  event.preventDefault();
  const response = await fetch('/api/players', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: element('name').value }),
  });
  const answer = await response.json();
  if (!response.ok) return tell(answer.error);
  return socket.send(JSON.stringify({ type: 'join', playerId: answer.id }));
};

async function drawConnections() {
  try {
    const { redis, server, pid } = await (await fetch('/stats')).json();
    const clientsOf = (purpose) => server.own.filter(({ name }) => name.split(':').pop() === purpose);
    element('clients').textContent =
      `${server.own.length} of this process (pid ${pid}), ${server.clients} on the server`;
    element('connections').replaceChildren(...redis.links.map((link) => connectionRow(link, clientsOf(link.purpose))));
  } catch {
    element('clients').textContent = 'the backend does not answer';
  }
}

function connectionRow(link, clients) {
  // One; in a cluster one at each node that it has been needed at.
  const said =
    clients.map(({ id, cmd, sub }) => `id ${id}, last ${cmd}${Number(sub) ? `, ${sub} channel` : ''}`).join('; ') ||
    'not there';
  const roundTrip = link.lastRoundTripMs === null ? '–' : `${link.lastRoundTripMs.toFixed(2)} ms`;
  const traffic = `${kilobytes(link.bytesOut)} / ${kilobytes(link.bytesIn)}`;
  const item = row(
    'tr',
    [link.purpose, '', roundTrip, link.commands, link.inFlight, traffic, link.reconnects, said],
    'td',
  );
  const state = document.createElement('span');
  state.className = `state ${link.state}`;
  state.textContent = link.state;
  item.children[1].append(state);
  return item;
}

function row(tag, texts, cellTag) {
  const item = document.createElement(tag);
  item.append(
    ...texts.map((text) => {
      const cell = document.createElement(cellTag);
      cell.textContent = text;
      return cell;
    }),
  );
  return item;
}

function kilobytes(bytes) {
  return `${(bytes / 1024).toFixed(1)} KB`;
}

connect();
drawConnections();
setInterval(drawConnections, 1000);
