//! Which node serves which hash slot, as the cluster tells it.

use crate::config::Mapping;
use crate::io::Address;
use crate::wire::Value;
use std::collections::HashMap;

/// How many hash slots there are.
pub const SLOTS: usize = 16384;

/// In a shard's place: nobody serves the slot.
const NOBODY: u16 = u16::MAX;

/// The slot of a key or a shard channel. Source: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/
pub fn hash_slot(key: &[u8]) -> u16 {
    let tag = key.iter().position(|byte| *byte == b'{').and_then(|open| {
        let rest = &key[open + 1..];
        let close = rest.iter().position(|byte| *byte == b'}')?;
        (close > 0).then(|| &rest[..close])
    });
    crc16::State::<crc16::XMODEM>::calculate(tag.unwrap_or(key)) % SLOTS as u16
}

/// The nodes and their slots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topology {
    /// Masters in the order of their lowest slots, each followed by its replicas.
    pub nodes: Vec<Node>,
    /// A master with its replicas each, in the same order.
    pub shards: Vec<Shard>,
    /// The shard of each slot.
    slots: Vec<u16>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it is reached.
    pub address: Address,
    /// Whether it serves slots itself.
    pub is_master: bool,
    /// Where the server says that it stands.
    pub zone: Option<String>,
}

/// A master with its replicas, by their places among the nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shard {
    /// The master.
    pub master: usize,
    /// Its replicas.
    pub replicas: Vec<usize>,
    /// The slots, both ends included.
    pub ranges: Vec<(u16, u16)>,
}

/// What a node tells of a master.
#[derive(Default)]
struct Told {
    ranges: Vec<(u16, u16)>,
    replicas: Vec<Address>,
}

impl Topology {
    /// No node, no slot.
    pub fn empty() -> Self {
        Self { nodes: Vec::new(), shards: Vec::new(), slots: vec![NOBODY; SLOTS] }
    }

    /// Reads the reply to CLUSTER SLOTS of the node that was asked at `asked`. The error says what is wrong with it.
    pub fn parse(reply: &Value, asked: &Address, nat_map: &[Mapping]) -> Result<Self, String> {
        let ranges = match reply {
            Value::Error(text) => return Err(String::from_utf8_lossy(text).into_owned()),
            _ => reply.as_elements().ok_or("its reply to CLUSTER SLOTS is no array")?,
        };
        let mut shards: HashMap<Address, Told> = HashMap::new();
        for range in ranges {
            let parts = range.as_elements().unwrap_or_default();
            let [from, to, nodes @ ..] = parts else { return Err("a slot range has no ends".to_owned()) };
            let slot = |value: &Value| value.as_int().and_then(|slot| u16::try_from(slot).ok());
            let (Some(from), Some(to)) = (slot(from), slot(to)) else {
                return Err("a slot range has no ends".to_owned());
            };
            if from > to || usize::from(to) >= SLOTS {
                return Err(format!("there are no slots {from} to {to}"));
            }
            let mut addresses = nodes.iter().filter_map(|node| address_of(node, asked, nat_map));
            let Some(master) = addresses.next() else { continue };
            let told = shards.entry(master).or_default();
            told.ranges.push((from, to));
            for replica in addresses {
                if !told.replicas.contains(&replica) {
                    told.replicas.push(replica);
                }
            }
        }
        if shards.is_empty() {
            return Err("it serves no slots: the cluster is not set up, or the node is not part of it".to_owned());
        }
        let mut shards: Vec<_> = shards.into_iter().collect();
        for (_, told) in &mut shards {
            told.ranges.sort_unstable();
            told.replicas.sort_unstable();
        }
        shards.sort_unstable_by_key(|(_, told)| told.ranges.first().copied());
        let mut topology = Self::empty();
        for (address, Told { ranges, replicas }) in shards {
            topology.add(address, ranges, replicas);
        }
        Ok(topology)
    }

    fn add(&mut self, address: Address, ranges: Vec<(u16, u16)>, replicas: Vec<Address>) {
        let index = self.shards.len() as u16;
        for (from, to) in &ranges {
            self.slots[usize::from(*from)..=usize::from(*to)].fill(index);
        }
        let master = self.nodes.len();
        self.nodes.push(Node { address, is_master: true, zone: None });
        let first = self.nodes.len();
        self.nodes.extend(replicas.into_iter().map(|address| Node { address, is_master: false, zone: None }));
        self.shards.push(Shard { master, replicas: (first..self.nodes.len()).collect(), ranges });
    }

    /// The shard that serves a slot.
    pub fn shard(&self, slot: u16) -> Option<&Shard> {
        self.shards.get(usize::from(*self.slots.get(usize::from(slot))?))
    }

    /// The address of the master that serves a slot.
    pub fn master(&self, slot: u16) -> Option<&Address> {
        Some(&self.nodes[self.shard(slot)?.master].address)
    }

    /// The addresses of all masters.
    pub fn masters(&self) -> impl Iterator<Item = &Address> {
        self.shards.iter().map(|shard| &self.nodes[shard.master].address)
    }

    /// A node's place.
    pub fn index_of(&self, address: &Address) -> Option<usize> {
        self.nodes.iter().position(|node| node.address == *address)
    }

    /// The same for all nodes that see the cluster alike.
    pub fn signature(&self) -> String {
        format!("{:?} {:?}", self.shards, self.nodes.iter().map(|node| &node.address).collect::<Vec<_>>())
    }
}

/// The availability zone of a node, as it tells it in `INFO server`.
pub fn zone_of(info: &Value) -> Option<String> {
    let info = info.as_text()?;
    let zone = info.lines().find_map(|line| line.strip_prefix("availability_zone:"))?.trim();
    (!zone.is_empty()).then(|| zone.to_owned())
}

fn address_of(node: &Value, asked: &Address, nat_map: &[Mapping]) -> Option<Address> {
    let [host, port, ..] = node.as_elements()? else { return None };
    // The endpoint may be unknown ("?") to the node itself: then it is where the answer came from.
    let host = host.as_text().filter(|host| host != "?").unwrap_or_default();
    let port = u16::try_from(port.as_int()?).ok()?;
    Some(reached_at(Address { host: host.into_owned(), port }, asked, nat_map))
}

/// Where a node is reached that another one, asked at `asked`, tells of.
pub fn reached_at(told: Address, asked: &Address, nat_map: &[Mapping]) -> Address {
    let told = match told.host.is_empty() {
        true => Address { host: asked.host.clone(), ..told },
        false => told,
    };
    let from = format!("{}:{}", told.host, told.port);
    match nat_map.iter().find(|mapping| mapping.from == from) {
        Some(mapping) => Address { host: mapping.host.clone(), port: mapping.port },
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use super::Topology;
    use crate::config::Mapping;
    use crate::io::Address;
    use crate::wire::Value;

    fn at(host: &str, port: u16) -> Address {
        Address { host: host.to_owned(), port }
    }

    fn text(text: &str) -> Value {
        Value::Bulk(text.as_bytes().to_vec())
    }

    fn range(from: i64, to: i64, nodes: &[(&str, i64)]) -> Value {
        let mut parts = vec![Value::Int(from), Value::Int(to)];
        parts.extend(nodes.iter().map(|(host, port)| Value::Array(vec![text(host), Value::Int(*port), text("id")])));
        Value::Array(parts)
    }

    #[test]
    fn masters_are_in_the_order_of_their_slots_and_replicas_behind_them() {
        let reply = Value::Array(vec![
            range(8000, 16383, &[("b", 2), ("b", 3)]),
            range(0, 10, &[("a", 1)]),
            range(12, 7999, &[("a", 1), ("", 9)]),
        ]);
        let nat_map = [Mapping { from: "b:2".to_owned(), host: "nat".to_owned(), port: 7 }];
        let topology = Topology::parse(&reply, &at("asked", 5), &nat_map).unwrap();
        let nodes: Vec<_> = topology.nodes.iter().map(|node| (node.address.clone(), node.is_master)).collect();
        let expected = [(at("a", 1), true), (at("asked", 9), false), (at("nat", 7), true), (at("b", 3), false)];
        assert_eq!(nodes, expected);
        assert_eq!(topology.master(0), Some(&at("a", 1)));
        assert_eq!(topology.master(11), None);
        assert_eq!(topology.master(12), Some(&at("a", 1)));
        assert_eq!(topology.master(16383), Some(&at("nat", 7)));
        assert_eq!(topology.shards[0].ranges, [(0, 10), (12, 7999)]);
    }

    #[test]
    fn keys_with_the_same_tag_have_the_same_slot() {
        // As of the server's CLUSTER KEYSLOT.
        let slots: [(&[u8], u16); 6] = [
            (b"foo", 12182),
            (b"{foo}bar", 12182),
            (b"a{foo}{b}", 12182),
            (b"", 0),
            (b"{}foo", 9500),
            (b"123456789", 12739),
        ];
        for (key, slot) in slots {
            assert_eq!(super::hash_slot(key), slot, "{}", String::from_utf8_lossy(key));
        }
    }

    #[test]
    fn what_is_no_topology_is_an_error() {
        let asked = at("asked", 5);
        let cases = [
            (Value::Error(b"ERR This instance has cluster support disabled".to_vec()), "cluster support disabled"),
            (Value::Array(Vec::new()), "serves no slots"),
            (Value::Array(vec![range(0, 99999, &[("a", 1)])]), "no ends"),
            (Value::Array(vec![range(5, 4, &[("a", 1)])]), "no slots 5 to 4"),
            (Value::Int(1), "no array"),
        ];
        for (reply, expected) in cases {
            let error = Topology::parse(&reply, &asked, &[]).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
