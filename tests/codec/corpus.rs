//! What the fuzzer has found so far, and a short walk from there: its corpus, mutated. `npm run fuzz` goes on for hours.

#[path = "../../fuzz/check.rs"]
mod check;

use super::ALPHABET;
use std::path::Path;
use std::time::{Duration, Instant};

/// How long the walk takes at the most.
const WALK: Duration = Duration::from_secs(3);
/// How many steps it has, where they do not take longer than that.
const STEPS: u64 = 50_000;

#[test]
fn the_corpus_and_what_is_near_to_it() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/decode");
    let mut corpus: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    // The same walk each time, so that one that fails can be taken again.
    corpus.sort();
    let corpus: Vec<Vec<u8>> = corpus.iter().map(|file| std::fs::read(file).unwrap()).collect();
    assert!(corpus.len() > 50, "the corpus is there");
    for input in &corpus {
        check::check(input);
    }
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let begun = Instant::now();
    let mut steps = 0;
    while steps < STEPS && begun.elapsed() < WALK {
        let mut input = random.pick(&corpus).clone();
        for _ in 0..=random.below(4) {
            random.mutate(&mut input, &corpus);
        }
        if let Err(panicked) = std::panic::catch_unwind(|| check::check(&input)) {
            println!("step {steps}: {}", input.escape_ascii());
            std::panic::resume_unwind(panicked);
        }
        steps += 1;
    }
    println!("{} inputs of the corpus, {steps} mutations in {:.1?}", corpus.len(), begun.elapsed());
}

/// xorshift64: every step is the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn mutate(&mut self, input: &mut Vec<u8>, corpus: &[Vec<u8>]) {
        let at = self.below(input.len() + 1);
        let byte = if self.below(4) == 0 { self.below(256) as u8 } else { *self.pick(ALPHABET) };
        match self.below(5) {
            0 => input.insert(at, byte),
            1 if at < input.len() => input[at] = byte,
            2 if at < input.len() => drop(input.remove(at)),
            3 => input.truncate(at),
            _ => {
                let other = self.pick(corpus);
                let from = self.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
        }
    }
}
