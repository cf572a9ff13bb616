//! Bulks that are too long to wait for in the read buffer.

/// A bulk that is being collected.
#[derive(Debug)]
pub(super) struct LongBulk {
    /// `$`, `=` or `!`.
    pub kind: u8,
    /// What was announced.
    pub length: usize,
    /// What has arrived.
    pub bytes: Vec<u8>,
}

impl LongBulk {
    /// Takes what belongs to the payload from the start of `input`. Returns how much that was.
    ///
    /// The announced length bounds the allocation and never causes it: memory at most doubles what has arrived.
    pub fn take_from(&mut self, input: &[u8]) -> usize {
        let here = input.len().min(self.length - self.bytes.len());
        let filled = self.bytes.len() + here;
        if filled > self.bytes.capacity() {
            let target = (2 * self.bytes.capacity()).max(filled).min(self.length);
            self.bytes.reserve_exact(target - self.bytes.len());
        }
        self.bytes.extend_from_slice(&input[..here]);
        here
    }
}
