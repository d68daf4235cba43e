//! Logistic regression by Newton's method: which weights make needed definitions likely.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use context::rank::{FEATURES, Features};

use crate::cases::Sample;

const N: usize = FEATURES.len();
type Vector = [f64; N];

/// A new name counts as much as this many that the scope uses already.
const NEW: f64 = 3.0;
/// All needed names of a case together, and all others.
const NEEDED_OF_CASE: f64 = 10.0;
const OTHERS_OF_CASE: f64 = 30.0;
const RIDGE: f64 = 1e-3;

/// The weights that fit the samples best.
pub(crate) fn fit<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> Features {
    fit_without(samples, N)
}

/// The same without one feature.
pub(crate) fn fit_without<'a>(samples: impl IntoIterator<Item = &'a Sample>, without: usize) -> Features {
    let mut rows: Vec<(Vector, f64, f64)> = Vec::new();
    for sample in samples {
        let positive: f64 =
            sample.candidates.iter().filter_map(|candidate| weight(sample, candidate.label)).sum();
        let n_others = sample.candidates.iter().filter(|candidate| candidate.label.is_none()).count();
        if positive == 0.0 || n_others == 0 {
            continue;
        }
        for candidate in &sample.candidates {
            let mut features = candidate.features.map(f64::from);
            if let Some(feature) = features.get_mut(without) {
                *feature = 0.0;
            }
            match weight(sample, candidate.label) {
                Some(own) => rows.push((features, 1.0, own / positive * NEEDED_OF_CASE)),
                None => rows.push((features, 0.0, OTHERS_OF_CASE / n_others as f64)),
            }
        }
    }
    let scale = scale(&rows);
    for (features, ..) in &mut rows {
        for idx in 0..N {
            features[idx] = (features[idx] - scale[idx].0) / scale[idx].1;
        }
    }
    let mut weights = [0.0; N];
    for _ in 0..30 {
        let step = newton_step(&rows, &weights);
        let largest = step.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        for idx in 0..N {
            weights[idx] -= step[idx];
        }
        if largest < 1e-6 {
            break;
        }
    }
    // Shifts of features are a shift of the bias, which orders nothing.
    std::array::from_fn(|idx| (weights[idx] / scale[idx].1) as f32)
}

fn weight(sample: &Sample, label: Option<usize>) -> Option<f64> {
    label.map(|label| if sample.needed.get(label) == Some(&true) { NEW } else { 1.0 })
}

/// Mean and spread of each feature; the bias stays as it is.
fn scale(rows: &[(Vector, f64, f64)]) -> [(f64, f64); N] {
    let n = rows.len().max(1) as f64;
    std::array::from_fn(|idx| {
        if idx == 0 {
            return (0.0, 1.0);
        }
        let mean = rows.iter().map(|row| row.0[idx]).sum::<f64>() / n;
        let variance = rows.iter().map(|row| (row.0[idx] - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt() + 1e-6)
    })
}

// Rows and columns of one matrix, both by number.
#[expect(clippy::needless_range_loop)]
fn newton_step(rows: &[(Vector, f64, f64)], weights: &Vector) -> Vector {
    let mut gradient = [0.0; N];
    let mut hessian = [[0.0; N]; N];
    let mut total = 0.0;
    for (features, label, weight) in rows {
        let score: f64 = features.iter().zip(weights).map(|(feature, weight)| feature * weight).sum();
        let chance = 1.0 / (1.0 + (-score.clamp(-30.0, 30.0)).exp());
        let slope = weight * (chance - label);
        let curve = weight * chance * (1.0 - chance);
        total += weight;
        for idx in 0..N {
            gradient[idx] += slope * features[idx];
            let part = curve * features[idx];
            for (cell, feature) in hessian[idx][..=idx].iter_mut().zip(features) {
                *cell += part * feature;
            }
        }
    }
    for idx in 0..N {
        gradient[idx] = gradient[idx] / total + RIDGE * weights[idx];
        // The lower half is filled; the matrix is symmetric.
        for other in 0..=idx {
            let ridge = if idx == other { RIDGE } else { 0.0 };
            hessian[idx][other] = hessian[idx][other] / total + ridge;
            hessian[other][idx] = hessian[idx][other];
        }
    }
    solved(hessian, gradient)
}

/// Gauss elimination with pivots.
fn solved(mut matrix: [[f64; N]; N], mut right: Vector) -> Vector {
    for column in 0..N {
        let pivot = (column..N)
            .max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))
            .unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let lead = matrix[column];
        for row in column + 1..N {
            let factor = matrix[row][column] / lead[column];
            for idx in column..N {
                matrix[row][idx] -= factor * lead[idx];
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|idx| matrix[row][idx] * right[idx]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

/// Puts the weights into the source file that holds them, in place of those there.
pub(crate) fn write(path: &Path, plain: &Features, with_recent: &Features) -> Result<()> {
    let source = fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let head = source.split("/// Where nothing is known").next().unwrap_or_default();
    let table = |weights: &Features| -> String {
        FEATURES.iter().zip(weights).map(|(name, weight)| format!("    {weight:.3}, // {name}\n")).collect()
    };
    let text = format!(
        "{head}/// Where nothing is known of recent edits.\n#[rustfmt::skip]\npub(super) const PLAIN: Features = [\n{}];\n\n\
         /// Where recent edits are known.\n#[rustfmt::skip]\npub(super) const WITH_RECENT: Features = [\n{}];\n",
        table(plain),
        table(with_recent)
    );
    fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
