//! The sink of attributes: nothing asked for them.

use super::Sink;

/// Drops a reply that nobody waits for.
#[derive(Debug)]
pub struct Discard;

impl Sink for Discard {
    fn nil(&mut self) {}
    fn int(&mut self, _: i64) {}
    fn simple(&mut self, _: &[u8]) {}
    fn error(&mut self, _: &[u8]) {}
    fn bulk(&mut self, _: &[u8]) {}
    fn bulk_owned(&mut self, _: Vec<u8>) {}
    fn array(&mut self, _: usize) {}
    fn map(&mut self, _: usize) {}
    fn set(&mut self, _: usize) {}
    fn push(&mut self, _: usize) {}
    fn double(&mut self, _: &[u8]) {}
    fn boolean(&mut self, _: bool) {}
    fn big_number(&mut self, _: &[u8]) {}
    fn verbatim(&mut self, _: &[u8]) {}
}
