//! What answers is not what was expected.

use crate::servers::{dial, settings, stage, with};
use serde_json::json;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};
use unified_redis::{Error, Kind};

/// Answers whatever comes first, and hangs up.
fn answering(answer: &'static [u8]) -> u16 {
    stage(move |mut stream| {
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(answer);
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// Keeps every connection and never says anything.
fn silent() -> u16 {
    stage(|stream| {
        thread::spawn(move || {
            let _ = (&stream).read_to_end(&mut Vec::new());
        });
    })
}

fn with_tls(port: u16) -> serde_json::Value {
    let tls = json!({
        "ca": [], "cert": null, "key": null, "servername": null,
        "rejectUnauthorized": true, "minVersion": null, "maxVersion": null,
    });
    with(settings(port), "tls", tls)
}

fn check(error: &Error, kind: Kind, named: &str) {
    println!("{error}");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.message().contains(named), "{error}");
}

#[tokio::test]
async fn answers_that_no_redis_gives() {
    for (answer, kind, named) in [
        (&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], Kind::HandshakeFailed, "HTTP"),
        (b"220 mail.example ESMTP\r\n", Kind::Protocol, "not RESP"),
        (b"\x15\x03\x01\x00\x02\x02\x46", Kind::TlsRequired, "REDIS_TLS"),
        (b"-DENIED Redis is running in protected mode because ...\r\n", Kind::HandshakeFailed, "protected mode"),
        (b"-ERR max number of clients reached\r\n", Kind::MaxClients, "maxclients"),
        (b"-NOAUTH Authentication required.\r\n", Kind::AuthFailed, "REDIS_PASSWORD"),
        (b"+OK\r\n+O", Kind::ConnectionReset, "before it answered CLIENT SETINFO"),
        (b"", Kind::ConnectionReset, "is it a TLS port?"),
        (b"+OK\r\n+OK\r\n+OK\r\n$2\r\nok\r\n+more\r\n", Kind::Protocol, "more than it was asked for"),
    ] {
        let error = dial(settings(answering(answer))).await.unwrap_err();
        check(&error, kind, named);
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_password_is_not_quoted() {
    for answer in [
        &b"-ERR unknown command `AUTH`, with args beginning with: `hush-4242`, \r\n"[..],
        b"-ERR something about hush-4242\r\n",
        b"-ERR wrong number of arguments for 'auth' command\r\n",
    ] {
        let error = dial(with(settings(answering(answer)), "password", "hush-4242")).await.unwrap_err();
        check(&error, Kind::AuthFailed, "127.0.0.1");
        assert!(!error.message().contains("hush-4242"));
    }
}

#[tokio::test]
async fn silence_ends_with_the_timeout_and_says_where() {
    let port = silent();
    for (settings, named) in [(settings(port), "CLIENT SETNAME"), (with_tls(port), "the TLS handshake")] {
        let started = Instant::now();
        let error = dial(with(settings, "connectTimeout", 400)).await.unwrap_err();
        check(&error, Kind::TimedOut, named);
        assert!(error.message().contains("0.4 s (connectTimeout)"));
        assert!(started.elapsed() < Duration::from_secs(2));
    }
}

/// Linux drops what a full backlog has no room for, as a firewall drops what it does not like.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connect_that_nobody_answers() {
    let listener = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    listener.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let _first = TcpStream::connect(address).unwrap();
    let error = dial(with(settings(address.port()), "connectTimeout", 300)).await.unwrap_err();
    check(&error, Kind::TimedOut, "connecting did not finish");
}

#[tokio::test]
async fn tls_asked_of_what_does_not_speak_it() {
    for answer in [&b"-ERR unknown command\r\n"[..], b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.6\r\n"] {
        let error = dial(with_tls(answering(answer))).await.unwrap_err();
        check(&error, Kind::NotTls, "tls: false");
    }
    let error = dial(with_tls(stage(drop::<TcpStream>))).await.unwrap_err();
    check(&error, Kind::ConnectionReset, "maxclients");
}

#[tokio::test]
async fn options_that_make_no_tls() {
    for (name, value, named) in [
        ("ca", json!(["/etc/ca.pem"]), "tls.ca[0] (REDIS_TLS_CA) holds no certificate"),
        ("ca", json!(["-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"]), "tls.ca[0]"),
        ("cert", json!("x"), "tls.key"),
        ("key", json!("x"), "tls.cert"),
        ("minVersion", json!("SSLv3"), "tls.minVersion must be TLSv1.2 or TLSv1.3"),
        ("servername", json!("not a name"), "tls.servername"),
    ] {
        let mut settings = with_tls(answering(b""));
        settings["tls"][name] = value;
        let error = dial(settings).await.unwrap_err();
        check(&error, Kind::InvalidOption, named);
    }
}
