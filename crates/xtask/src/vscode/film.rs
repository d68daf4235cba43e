//! A moving picture out of screenshots: an animated PNG, whose later frames hold only the rectangle that changed.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

/// How long a frame is shown, in milliseconds.
const FRAME_MS: u16 = 2200;
/// How long the last one is.
const LAST_MS: u16 = 4500;

/// Bytes of a pixel.
const PIXEL: usize = 3;

/// One screenshot, three bytes a pixel, line by line.
struct Shot {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

/// The bytes of an animated PNG that shows the PNGs one after the other, for ever. Fails where one cannot be read, has no
/// three bytes a pixel, or has another size than the first.
pub(super) fn film(shots: &[PathBuf]) -> Result<Vec<u8>> {
    let shots = shots.iter().map(read).collect::<Result<Vec<Shot>>>()?;
    let first = shots.first().context("a film of nothing")?;
    let is_same = |shot: &&Shot| (shot.width, shot.height) == (first.width, first.height);
    ensure!(shots.iter().all(|shot| is_same(&shot)), "the screenshots have not one size");
    let changes: Vec<(Part, &Shot)> =
        shots.windows(2).filter_map(|pair| Some((changed(&pair[0], &pair[1])?, &pair[1]))).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, first.width as u32, first.height as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.set_animated(changes.len() as u32 + 1, 0)?;
    encoder.set_frame_delay(FRAME_MS, 1000)?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&first.pixels)?;
    for (idx, (part, shot)) in changes.iter().enumerate() {
        if idx + 1 == changes.len() {
            writer.set_frame_delay(LAST_MS, 1000)?;
        }
        writer.reset_frame_position()?;
        writer.set_frame_dimension(part.width as u32, part.height as u32)?;
        writer.set_frame_position(part.x as u32, part.y as u32)?;
        writer.write_image_data(&cut(shot, *part))?;
    }
    writer.finish()?;
    Ok(bytes)
}

fn read(path: &PathBuf) -> Result<Shot> {
    let shown = path.display();
    let file = std::fs::File::open(path).with_context(|| format!("open {shown}"))?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(file))
        .read_info()
        .with_context(|| format!("read {shown}"))?;
    let size = reader.output_buffer_size().with_context(|| format!("{shown} is too large"))?;
    let mut pixels = vec![0; size];
    let info = reader.next_frame(&mut pixels).with_context(|| format!("read {shown}"))?;
    ensure!(
        (info.color_type, info.bit_depth) == (png::ColorType::Rgb, png::BitDepth::Eight),
        "{shown} has not three bytes a pixel"
    );
    Ok(Shot { width: info.width as usize, height: info.height as usize, pixels })
}

/// The smallest rectangle that holds all that differs; none where nothing does.
fn changed(before: &Shot, after: &Shot) -> Option<Part> {
    let row = before.width * PIXEL;
    let lines = before.pixels.chunks(row).zip(after.pixels.chunks(row)).enumerate();
    let (mut left, mut right, mut top, mut bottom) = (usize::MAX, 0, usize::MAX, 0);
    for (y, (old, new)) in lines {
        let mut differing = old.chunks(PIXEL).zip(new.chunks(PIXEL)).enumerate().filter(|(_, (a, b))| a != b);
        let Some((first, _)) = differing.next() else { continue };
        let last = differing.next_back().map_or(first, |(x, _)| x);
        (left, right) = (left.min(first), right.max(last));
        (top, bottom) = (top.min(y), y);
    }
    (top != usize::MAX).then(|| Part { x: left, y: top, width: right - left + 1, height: bottom - top + 1 })
}

fn cut(shot: &Shot, part: Part) -> Vec<u8> {
    let lines = shot.pixels.chunks(shot.width * PIXEL).skip(part.y).take(part.height);
    lines.flat_map(|line| &line[part.x * PIXEL..(part.x + part.width) * PIXEL]).copied().collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Writes a picture of one letter a pixel.
    fn shot(dir: &Path, name: &str, lines: &[&str]) -> PathBuf {
        let path = dir.join(name);
        let file = std::fs::File::create(&path).unwrap();
        let mut encoder = png::Encoder::new(file, lines[0].len() as u32, lines.len() as u32);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().unwrap();
        let pixels: Vec<u8> = lines.concat().bytes().flat_map(|byte| [byte; PIXEL]).collect();
        writer.write_image_data(&pixels).unwrap();
        path
    }

    #[test]
    fn a_later_frame_holds_only_what_changed_and_one_that_is_the_same_is_left_out() {
        let dir = tempfile::tempdir().unwrap();
        let shots = [
            shot(dir.path(), "1.png", &["....", "....", "...."]),
            shot(dir.path(), "2.png", &["....", ".ab.", "...c"]),
            shot(dir.path(), "3.png", &["....", ".ab.", "...c"]),
            shot(dir.path(), "4.png", &["x...", ".ab.", "...c"]),
        ];
        let bytes = film(&shots).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        assert_eq!(reader.info().animation_control.map(|control| control.num_frames), Some(3));
        let mut seen = Vec::new();
        for _ in 0..3 {
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            let frame = *reader.info().frame_control().unwrap();
            let n = (frame.width * frame.height) as usize;
            let letters: String = pixels.chunks(PIXEL).take(n).map(|pixel| char::from(pixel[0])).collect();
            seen.push(format!("{},{} {letters} {}", frame.x_offset, frame.y_offset, frame.delay_num));
        }
        assert_eq!(seen, ["0,0 ............ 2200", "1,1 ab...c 2200", "0,0 x 4500"]);
    }

    #[test]
    fn pictures_of_several_sizes_are_no_film() {
        let dir = tempfile::tempdir().unwrap();
        let shots = [shot(dir.path(), "1.png", &["."]), shot(dir.path(), "2.png", &[".."])];
        assert!(film(&shots).unwrap_err().to_string().contains("one size"));
        assert!(film(&[]).is_err());
    }
}
