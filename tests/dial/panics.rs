//! A panic on the I/O thread, which would be a mistake of ours, costs a connection and nothing else.

use crate::servers::{settings, with, Server};
use serde_json::json;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};
use unified_redis::config::Config;
use unified_redis::io::{Batch, Link, Owner, State};
use unified_redis::manager::MANAGER;
use unified_redis::port::Port;
use unified_redis::wire::{command, Value};

#[test]
fn a_panic_costs_one_connection() {
    let Some(server) = Server::start(&[]) else { return };
    let config: Config =
        serde_json::from_value(with(settings(server.port), "purposes", json!(["main", "other"]))).unwrap();
    let port = Port::new(true, Box::new(|| {}));
    MANAGER.initialize(&port, 0, config);
    until("the links are open", || MANAGER.links().is_some());
    let links = MANAGER.links().unwrap();
    let (main, other) = (links.link(0).expect("main"), links.link(1).expect("other"));

    ask(&main, |_| panic!("on purpose"));
    until("the panic was noticed", || main.errors() > 0);
    until("the link is back", || main.state() == State::Ready);
    for link in [Arc::clone(&main), Arc::clone(&other)] {
        let (sender, receiver) = std::sync::mpsc::channel();
        ask(&link, move |reply| sender.send(reply).unwrap());
        let reply = receiver.recv_timeout(Duration::from_secs(10)).unwrap().unwrap();
        assert_eq!(reply, Value::Simple(b"PONG".to_vec()));
    }
    assert!(main.snapshot()["lastError"]["code"] == "INTERNAL", "{}", main.snapshot());
    assert_eq!((main.snapshot()["reconnects"].as_u64(), other.snapshot()["reconnects"].as_u64()), (Some(1), Some(0)));

    MANAGER.cleanup(&port, 1);
    until("the links are closed", || MANAGER.links().is_none());
}

fn ask(link: &Arc<Link>, done: impl FnOnce(unified_redis::Result<Value>) + Send + 'static) {
    let mut bytes = Vec::new();
    command(&mut bytes, &[b"PING"]);
    link.submit(Batch::internal(bytes, None, Owner::Internal(Some(Box::new(done)))));
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let by = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < by, "{what}");
        sleep(Duration::from_millis(5));
    }
}
