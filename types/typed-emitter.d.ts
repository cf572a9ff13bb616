import { EventEmitter } from 'node:events';

/** An event that is not in `Events`, so that a wrong listener of one that is gets no second chance. */
type OtherEvent<Events, Event> = Event extends keyof Events ? never : Event;
type Listener<Events, Event extends keyof Events> = (
  ...args: Events[Event] extends unknown[] ? Events[Event] : never
) => void;
type AnyListener = (...args: any[]) => void;

/** An EventEmitter that knows what its events tell. For these types only: there is no such class to import. */
export declare class TypedEmitter<Events> extends EventEmitter {
  on<Event extends keyof Events>(event: Event, listener: Listener<Events, Event>): this;
  on<Event extends string | symbol>(event: OtherEvent<Events, Event>, listener: AnyListener): this;
  once<Event extends keyof Events>(event: Event, listener: Listener<Events, Event>): this;
  once<Event extends string | symbol>(event: OtherEvent<Events, Event>, listener: AnyListener): this;
  addListener<Event extends keyof Events>(event: Event, listener: Listener<Events, Event>): this;
  addListener<Event extends string | symbol>(event: OtherEvent<Events, Event>, listener: AnyListener): this;
  prependListener<Event extends keyof Events>(event: Event, listener: Listener<Events, Event>): this;
  prependListener<Event extends string | symbol>(event: OtherEvent<Events, Event>, listener: AnyListener): this;
}
