//! Questions and answers on a connection to a sentinel.

use crate::io::dialogue::Dialogue;
use crate::io::transport::Transport;
use crate::sentinel::Socket;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// A connection whose handshake is done. Dropping it closes it.
pub(crate) struct Conversation {
    dialogue: Dialogue,
    _socket: Socket,
}

impl Conversation {
    pub fn new(transport: Arc<Transport>, peer: String, socket: Socket) -> Self {
        Self { dialogue: Dialogue::new(transport, peer), _socket: socket }
    }
}

impl Deref for Conversation {
    type Target = Dialogue;

    fn deref(&self) -> &Dialogue {
        &self.dialogue
    }
}

impl DerefMut for Conversation {
    fn deref_mut(&mut self) -> &mut Dialogue {
        &mut self.dialogue
    }
}

impl Drop for Conversation {
    fn drop(&mut self) {
        self.dialogue.shutdown();
    }
}
