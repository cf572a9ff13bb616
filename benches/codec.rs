//! The codec alone: replies and commands per second, without sockets.

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use std::hint::black_box;
use unified_redis::wire::{command, Decoder, Limits, Sink, ValueSink};

/// Replies that arrive in one read.
const BATCH: usize = 1000;

fn small_replies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("reply");
    group.throughput(Throughput::Elements(BATCH as u64));
    let bulk_64 = bulk(64);
    let bulk_1024 = bulk(1024);
    let kinds: [(&str, &[&[u8]]); 9] = [
        ("ok", &[b"+OK\r\n"]),
        ("int", &[b":1\r\n"]),
        ("int-10-digits", &[b":1234567890\r\n"]),
        ("nil", &[b"$-1\r\n"]),
        ("bulk-5", &[b"$5\r\nhello\r\n"]),
        ("bulk-64", &[&bulk_64]),
        ("bulk-1024", &[&bulk_1024]),
        ("error", &[b"-ERR value is not an integer or out of range\r\n"]),
        ("mixed", &[b"+OK\r\n", &bulk_64, b":1\r\n", b"$-1\r\n", b"$5\r\nhello\r\n", b":123456\r\n", b"*0\r\n"]),
    ];
    for (name, replies) in kinds {
        let input: Vec<u8> = replies.iter().cycle().take(BATCH).copied().flatten().copied().collect();
        group.bench_function(name, |bencher| {
            let mut decoder = Decoder::new(Limits::default());
            let mut sink = Sum::default();
            bencher.iter(|| decode_all(&mut decoder, black_box(&input), &mut sink));
        });
    }
    group.finish();
}

fn aggregates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("element");
    group.throughput(Throughput::Elements(BATCH as u64));
    let flat = [format!("*{BATCH}\r\n").as_bytes(), &b"$5\r\nhello\r\n".repeat(BATCH)].concat();
    let pairs = [format!("*{}\r\n", BATCH / 4).as_bytes(), &b"*2\r\n:1\r\n*1\r\n+x\r\n".repeat(BATCH / 4)].concat();
    for (name, input) in [("flat", &flat), ("nested", &pairs)] {
        group.bench_function(name, |bencher| {
            let mut decoder = Decoder::new(Limits::default());
            let mut sink = Sum::default();
            bencher.iter(|| decode_all(&mut decoder, black_box(input), &mut sink));
        });
    }
    group.bench_function("flat-as-value", |bencher| {
        let mut decoder = Decoder::new(Limits::default());
        let mut sink = ValueSink::new();
        bencher.iter(|| {
            decode_all(&mut decoder, black_box(&flat), &mut sink);
            sink.take()
        });
    });
    group.bench_function("flat-by-the-redis-crate", |bencher| {
        bencher.iter(|| redis::parse_redis_value(black_box(&flat)));
    });
    group.finish();
}

fn long_bulk(criterion: &mut Criterion) {
    const READ: usize = 64 * 1024;
    let input = bulk(16 * 1024 * 1024);
    let mut group = criterion.benchmark_group("long-bulk");
    group.throughput(Throughput::Bytes(input.len() as u64));
    group.bench_function("16MiB-in-64KiB-reads", |bencher| {
        let mut decoder = Decoder::new(Limits::default());
        let mut sink = Sum::default();
        bencher.iter(|| {
            let mut at = 0;
            while at < input.len() {
                let end = input.len().min(at + READ);
                at += decoder.feed(black_box(&input[at..end]), &mut sink).expect("valid RESP").consumed;
            }
        });
    });
    group.finish();
}

fn commands(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("command");
    group.throughput(Throughput::Elements(1));
    let value = [b'x'; 64];
    let mut out = Vec::new();
    group.bench_function("set-64", |bencher| {
        bencher.iter(|| {
            out.clear();
            command(&mut out, black_box(&[b"SET", b"player:1234", &value]));
            out.len()
        });
    });
    group.finish();
}

fn bulk(length: usize) -> Vec<u8> {
    [format!("${length}\r\n").as_bytes(), &vec![b'x'; length], b"\r\n"].concat()
}

fn decode_all(decoder: &mut Decoder, mut input: &[u8], sink: &mut impl Sink) {
    while !input.is_empty() {
        let fed = decoder.feed(input, sink).expect("valid RESP");
        input = &input[fed.consumed..];
    }
}

/// Looks at every value, and at the ends of every payload, as the cheapest real sink does.
#[derive(Default)]
struct Sum(u64);

impl Sum {
    fn add(&mut self, value: u64) {
        self.0 = self.0.wrapping_add(value);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.add(bytes.len() as u64 + u64::from(bytes.first().copied().unwrap_or(0)));
    }
}

impl Sink for Sum {
    fn nil(&mut self) {
        self.add(1);
    }

    fn int(&mut self, value: i64) {
        self.add(value as u64);
    }

    fn simple(&mut self, text: &[u8]) {
        self.bytes(text);
    }

    fn error(&mut self, text: &[u8]) {
        self.bytes(text);
    }

    fn bulk(&mut self, bytes: &[u8]) {
        self.bytes(bytes);
    }

    fn bulk_owned(&mut self, bytes: Vec<u8>) {
        self.bytes(&bytes);
    }

    fn array(&mut self, len: usize) {
        self.add(len as u64);
    }

    fn map(&mut self, pairs: usize) {
        self.add(pairs as u64);
    }

    fn set(&mut self, len: usize) {
        self.add(len as u64);
    }

    fn push(&mut self, len: usize) {
        self.add(len as u64);
    }

    fn double(&mut self, text: &[u8]) {
        self.bytes(text);
    }

    fn boolean(&mut self, value: bool) {
        self.add(value.into());
    }

    fn big_number(&mut self, text: &[u8]) {
        self.bytes(text);
    }

    fn verbatim(&mut self, text: &[u8]) {
        self.bytes(text);
    }
}

criterion_group!(benches, small_replies, aggregates, long_bulk, commands);
criterion_main!(benches);
