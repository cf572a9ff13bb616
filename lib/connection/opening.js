'use strict';

/**
 * Handles that have the links opened when they need them, and what is asked of one meanwhile: it waits, in its turn.
 */

const { NO_LINK, refresh } = require('./link-view');

/** How one handle has the links opened. Most handles have no opener: for them it is never under way. */
class Opening {
  #view;
  /** @type {Promise<void> | undefined} While it is under way, what commands have to wait for. Never rejected. */
  pending;

  /**
   * @param {import('./link-view').LinkView} view
   * @param {Opener} [opener]
   */
  constructor(view, opener) {
    this.#view = view;
    this.opener = opener;
  }

  /** Whether the handle has the links opened at all. */
  get isAutomatic() {
    return this.opener !== undefined;
  }

  /** Whether the links were to be opened, and are not. */
  get hasFailed() {
    if (this.opener === undefined) return false;
    // The event that tells of new links may still be on its way.
    if (this.#view.index === NO_LINK) refresh();
    return this.#view.index === NO_LINK;
  }

  /**
   * @param {() => void} onOver goes before all that waits
   * @returns {Promise<void> | undefined} undefined where there is nothing to wait for
   */
  begin(onOver) {
    const pending = this.opener?.open();
    this.pending = pending;
    // Commands wait for the same promise, behind this. So no later one finds it gone before they went out.
    void pending?.then(() => {
      this.pending = undefined;
      onOver();
    });
    return pending;
  }

  /** Why there is no link, where it is for this that there is none. */
  refusal() {
    return this.#view.index === NO_LINK ? this.opener?.refusal(this.#view.purpose) : undefined;
  }
}

module.exports = { Opening };

/**
 * @typedef {object} Opener has the links opened for handles that need them
 * @property {() => Promise<void> | undefined} open undefined where that is done, or cannot be. Never rejected
 * @property {(purpose: string) => Error | undefined} refusal why there is no link after that
 */
