//! Dials and handshakes with real servers, and with listeners that are none. Where there is no `redis-server` (or
//! `openssl`, for TLS), the tests that need it say so and pass.

mod certificates;
mod encrypted;
mod flow;
mod panics;
mod servers;
mod strange;

use servers::{dial, exchange, free_port, settings, with, Server};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};
use unified_redis::Kind;

const PASSWORD: &str = "correct-horse-battery";

#[tokio::test]
async fn a_link_introduces_itself() {
    let Some(server) = Server::start(&[]) else { return };
    let config = with(with(settings(server.port), "connectionName", "my game é"), "db", 3);
    let connected = dial(config).await.unwrap();
    assert_eq!(connected.address, format!("127.0.0.1:{}", server.port));
    assert_eq!(connected.warnings, Vec::<String>::new());
    assert!(connected.round_trip > Duration::ZERO && connected.bytes_in > 0 && connected.bytes_out > 0);
    assert!(!connected.transport.is_tls());
    let info = exchange(&connected.transport, b"CLIENT INFO\r\n", b"\n\r\n").await;
    let info = String::from_utf8(info).unwrap();
    assert!(info.contains(&format!(" name=my_game__:{}:main ", std::process::id())), "{info}");
    assert!(info.contains(" db=3 "), "{info}");
}

#[tokio::test]
async fn dropping_or_shutting_down_a_transport_closes_the_connection() {
    let Some(server) = Server::start(&[]) else { return };
    let clients = || server.ask("CLIENT LIST").matches(" name=test:").count();
    let settled = |wanted: usize| {
        let patience = Instant::now() + Duration::from_secs(5);
        while clients() != wanted {
            assert!(Instant::now() < patience, "{} clients instead of {wanted}", clients());
            thread::sleep(Duration::from_millis(10));
        }
    };
    let (first, second) = (dial(settings(server.port)).await.unwrap(), dial(settings(server.port)).await.unwrap());
    settled(2);
    drop(first);
    settled(1);
    second.transport.shutdown();
    settled(0);
    second.transport.readable().await.unwrap();
    assert_eq!(second.transport.try_read(&mut [0; 16]).unwrap_or(0), 0);
}

#[tokio::test]
async fn passwords_and_users() {
    let Some(server) = Server::start(&["--requirepass", PASSWORD]) else { return };
    let rule =
        format!("AUTH {PASSWORD}\r\nACL SETUSER game on >sesame ~* &* +@all\r\nACL SETUSER open on nopass ~* +@all");
    assert_eq!(server.ask(&rule), "+OK\r\n+OK\r\n+OK\r\n+OK\r\n");
    let plain = settings(server.port);
    let password = |password: &str| with(plain.clone(), "password", password);
    let user = |user: &str, given: &str| with(password(given), "username", user);

    for good in [
        password(PASSWORD),
        user("default", PASSWORD),
        user("", PASSWORD),
        user("game", "sesame"),
        with(plain.clone(), "username", "open"),
    ] {
        assert_eq!(dial(good).await.unwrap().warnings, Vec::<String>::new());
    }
    for (bad, named) in [
        (plain.clone(), "set password (REDIS_PASSWORD)"),
        (password("guess-7391"), "for the default user"),
        (user("game", "guess-7391"), "\"game\""),
        (user("nobody", "guess-7391"), "username (REDIS_USERNAME)"),
        (with(plain.clone(), "username", "game"), "no password was given"),
    ] {
        let error = dial(bad).await.unwrap_err();
        println!("{error}");
        assert_eq!(error.kind(), Kind::AuthFailed, "{error}");
        assert!(error.message().contains(named), "{error}");
        assert!(error.message().contains(&format!("127.0.0.1:{}", server.port)), "{error}");
        assert!(!error.message().contains("guess-7391"), "{error}");
    }
}

#[tokio::test]
async fn a_password_that_nobody_wants_is_a_warning() {
    let Some(server) = Server::start(&[]) else { return };
    let connected = dial(with(settings(server.port), "password", PASSWORD)).await.unwrap();
    println!("{:?}", connected.warnings);
    assert_eq!(connected.warnings.len(), 1);
    assert!(connected.warnings[0].contains("REDIS_PASSWORD") && !connected.warnings[0].contains(PASSWORD));
}

#[tokio::test]
async fn permissions_that_are_missing() {
    let Some(server) = Server::start(&[]) else { return };
    let rules = "ACL SETUSER mute on >sesame ~* +@all -client -info\r\nACL SETUSER stuck on >sesame ~* +@all -select";
    assert_eq!(server.ask(rules), "+OK\r\n+OK\r\n+OK\r\n");
    let user = |name: &str| with(with(settings(server.port), "password", "sesame"), "username", name);

    let connected = dial(user("mute")).await.unwrap();
    println!("{:?}", connected.warnings);
    assert_eq!(connected.warnings.len(), 1);
    assert!(connected.warnings[0].contains("CLIENT SETNAME"));

    dial(user("stuck")).await.unwrap();
    let error = dial(with(user("stuck"), "db", 1)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::PermissionMissing);
    assert!(error.message().contains("SELECT"));
}

#[tokio::test]
async fn a_database_that_there_is_not() {
    let Some(server) = Server::start(&["--databases", "4"]) else { return };
    dial(with(settings(server.port), "db", 3)).await.unwrap();
    let error = dial(with(settings(server.port), "db", 4)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::InvalidDatabase);
    assert!(error.message().contains("database 4"));
}

#[tokio::test]
async fn a_server_that_is_full() {
    let Some(server) = Server::start(&["--maxclients", "2"]) else { return };
    // The connection that saw the server come up may not be gone yet.
    thread::sleep(Duration::from_millis(200));
    let _held: Vec<_> = (0..2).map(|_| TcpStream::connect(("127.0.0.1", server.port)).unwrap()).collect();
    thread::sleep(Duration::from_millis(200));
    let error = dial(settings(server.port)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::MaxClients);
    assert!(error.kind().retryable());
}

#[tokio::test]
async fn a_server_that_is_loading() {
    let Some(server) = Server::start(&["--enable-debug-command", "yes"]) else { return };
    assert_eq!(server.ask("DEBUG POPULATE 3000 key 50\r\nSAVE"), "+OK\r\n+OK\r\n+OK\r\n");
    let directory = server.stop();
    let slowly = ["--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"];
    let Some(server) = Server::start_in(&directory, &slowly) else { return };

    let impatient = with(settings(server.port), "maxLoadingRetryTime", 200);
    let error = dial(impatient).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::Loading);

    // Longer than connectTimeout allows for the rest.
    let connected = dial(with(with(settings(server.port), "connectTimeout", 500), "db", 1)).await.unwrap();
    assert_eq!(exchange(&connected.transport, b"PING\r\n", b"\r\n").await, b"+PONG\r\n");
}

#[tokio::test]
async fn nobody_there() {
    let port = free_port();
    let error = dial(settings(port)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::ConnectionRefused);
    assert!(error.message().contains(&format!("127.0.0.1:{port}")));

    let error = dial(with(settings(port), "host", "no-such-host.invalid")).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::HostNotFound);
    assert!(error.message().contains("no-such-host.invalid"));

    let error = dial(with(settings(port), "family", 6)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::HostNotFound);
    assert!(error.message().contains("no IPv6 address"));

    let error = dial(with(settings(port), "host", "localhost")).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::ConnectionRefused);
}

#[tokio::test]
async fn a_name_with_several_addresses() {
    // The server listens on 127.0.0.1 only; `localhost` may be ::1 first.
    let Some(server) = Server::start(&[]) else { return };
    let connected = dial(with(settings(server.port), "host", "localhost")).await.unwrap();
    assert_eq!(connected.address, format!("127.0.0.1:{}", server.port));
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets() {
    // Not below the build's directory, as the path of a socket may have no more than about a hundred bytes.
    let path = std::env::temp_dir().join(format!("unified-redis-dial-{}.sock", std::process::id()));
    let path = path.to_str().unwrap();
    let Some(server) = Server::start(&["--unixsocket", path]) else { return };
    let connected = dial(with(settings(0), "path", path)).await.unwrap();
    assert_eq!(connected.address, path);
    assert_eq!(exchange(&connected.transport, b"PING\r\n", b"\r\n").await, b"+PONG\r\n");

    drop(server);
    let error = dial(with(settings(0), "path", path)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::ConnectionRefused);
    std::fs::remove_file(path).unwrap();
    let error = dial(with(settings(0), "path", path)).await.unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), Kind::SocketNotFound);
    assert!(error.message().contains(path));
}
