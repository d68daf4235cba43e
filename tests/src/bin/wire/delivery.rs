//! How a body is delivered: its pieces, and how it ends.

use std::fmt;

use crate::Recording;

/// A way of delivery. The numbers are percent of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As it is, in large pieces.
    Whole,
    /// One byte a piece.
    Bytes,
    /// Pieces of 1 to 64 bytes.
    Random,
    /// Cut inside of every character of more than one byte.
    InCharacters,
    /// Lines end at CRLF.
    Crlf,
    /// Lines end at CR.
    Cr,
    /// Behind a byte order mark.
    Bom,
    /// Without the white space at the end.
    NoFinal,
    /// Compressed, flushed behind every event.
    Gzip,
    /// A pause behind every event.
    Slow,
    /// Ends properly before its time.
    Cut(usize),
    /// The connection is reset.
    Reset(usize),
    /// Nothing comes any more.
    Stalled(usize),
}

/// All ways.
pub(crate) const MODES: [Mode; 31] = [
    Mode::Whole,
    Mode::Bytes,
    Mode::Random,
    Mode::InCharacters,
    Mode::Crlf,
    Mode::Cr,
    Mode::Bom,
    Mode::NoFinal,
    Mode::Gzip,
    Mode::Slow,
    Mode::Cut(1),
    Mode::Cut(10),
    Mode::Cut(25),
    Mode::Cut(50),
    Mode::Cut(75),
    Mode::Cut(90),
    Mode::Cut(99),
    Mode::Reset(1),
    Mode::Reset(10),
    Mode::Reset(25),
    Mode::Reset(50),
    Mode::Reset(75),
    Mode::Reset(90),
    Mode::Reset(99),
    Mode::Stalled(1),
    Mode::Stalled(10),
    Mode::Stalled(25),
    Mode::Stalled(50),
    Mode::Stalled(75),
    Mode::Stalled(90),
    Mode::Stalled(99),
];

impl Mode {
    /// Whether the body is not delivered to its end.
    pub(crate) fn breaks_off(self) -> bool {
        matches!(self, Mode::Cut(_) | Mode::Reset(_) | Mode::Stalled(_))
    }

    /// Whether what is delivered ends properly.
    pub(crate) fn ends(self) -> bool {
        !matches!(self, Mode::Reset(_) | Mode::Stalled(_))
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mode::Whole => f.write_str("whole"),
            Mode::Bytes => f.write_str("b1"),
            Mode::Random => f.write_str("rnd"),
            Mode::InCharacters => f.write_str("mb"),
            Mode::Crlf => f.write_str("crlf"),
            Mode::Cr => f.write_str("cr"),
            Mode::Bom => f.write_str("bom"),
            Mode::NoFinal => f.write_str("nofinal"),
            Mode::Gzip => f.write_str("gz"),
            Mode::Slow => f.write_str("slow"),
            Mode::Cut(percent) => write!(f, "cut{percent}"),
            Mode::Reset(percent) => write!(f, "rst{percent}"),
            Mode::Stalled(percent) => write!(f, "stall{percent}"),
        }
    }
}

/// A body as it is delivered.
pub(crate) struct Delivery {
    pub(crate) mode: Mode,
    pub(crate) pieces: Vec<Vec<u8>>,
}

pub(crate) fn of(recording: &Recording, mode: Mode) -> Delivery {
    let body = &recording.body;
    let upto = |percent: usize| body.get(..body.len() * percent / 100).unwrap_or(body).to_vec();
    let lf = || without(body, b'\r');
    let body = match mode {
        Mode::Cut(percent) | Mode::Reset(percent) | Mode::Stalled(percent) => upto(percent),
        Mode::Crlf => lf().split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r\n".as_slice()),
        Mode::Cr => lf().split(|byte| *byte == b'\n').collect::<Vec<_>>().join(b"\r".as_slice()),
        Mode::Bom => [b"\xEF\xBB\xBF", body.as_slice()].concat(),
        Mode::NoFinal => body.trim_ascii_end().to_vec(),
        Mode::Whole | Mode::Bytes | Mode::Random | Mode::InCharacters | Mode::Gzip | Mode::Slow => {
            body.clone()
        }
    };
    let pieces = match mode {
        Mode::Bytes => body.chunks(1).map(<[u8]>::to_vec).collect(),
        Mode::Random => random(&recording.id, &body),
        Mode::InCharacters => split_before(&body, |_, byte| byte & 0xC0 == 0x80),
        Mode::Gzip | Mode::Slow => split_before(&body, |before, _| before.ends_with(b"\n\n")),
        Mode::Whole
        | Mode::Crlf
        | Mode::Cr
        | Mode::Bom
        | Mode::NoFinal
        | Mode::Cut(_)
        | Mode::Reset(_)
        | Mode::Stalled(_) => body.chunks(4096).map(<[u8]>::to_vec).collect(),
    };
    Delivery { mode, pieces }
}

/// The body with every CRLF made an LF.
fn without(body: &[u8], byte: u8) -> Vec<u8> {
    let mut next = body.iter().skip(1).chain([&0]);
    body.iter().filter(|current| !(next.next() == Some(&b'\n') && **current == byte)).copied().collect()
}

fn split_before(body: &[u8], is_place: impl Fn(&[u8], u8) -> bool) -> Vec<Vec<u8>> {
    let mut pieces = Vec::new();
    let mut piece = Vec::new();
    for byte in body {
        if !piece.is_empty() && is_place(&piece, *byte) {
            pieces.push(std::mem::take(&mut piece));
        }
        piece.push(*byte);
    }
    pieces.push(piece);
    pieces
}

/// Pieces of 1 to 64 bytes, the same for the same recording every time.
fn random(seed: &str, body: &[u8]) -> Vec<Vec<u8>> {
    let mut state = seed.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    let (mut pieces, mut rest) = (Vec::new(), body);
    while !rest.is_empty() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let len = usize::try_from(state >> 58).unwrap_or(0) + 1;
        let (head, tail) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        pieces.push(head.to_vec());
        rest = tail;
    }
    pieces
}
