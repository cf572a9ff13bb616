//! What a session has read and not yet decoded.

/// What was read and not yet decoded.
#[derive(Default)]
pub(super) struct ReadBuffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

/// What one read takes at the most.
const READ_BUFFER: usize = 64 * 1024;

impl ReadBuffer {
    /// Room for the next read.
    pub fn space(&mut self) -> &mut [u8] {
        if self.start == self.end {
            self.start = 0;
            self.end = 0;
        }
        if self.start > 0 && self.bytes.len() - self.end < READ_BUFFER / 4 {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.bytes.len() - self.end < READ_BUFFER / 4 {
            // The first time, or a line or short bulk that is longer than any should be: the decoder has its bounds.
            let len = (self.bytes.len() * 2).max(READ_BUFFER);
            self.bytes.resize(len, 0);
        }
        &mut self.bytes[self.end..]
    }

    pub fn filled(&mut self, count: usize) {
        self.end += count;
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub fn consume(&mut self, count: usize) {
        self.start += count;
    }

    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}
