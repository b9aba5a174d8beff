//! Prints the arrays of .npz files, a line each: file, name, shape, the FNV-1a
//! hash of the numbers' bytes.

use ndarray::ArrayD;
use ndarray_npy::NpzReader;
use std::fs::File;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let mut archive = NpzReader::new(File::open(&path)?)?;
        for name in archive.names()? {
            let array: ArrayD<f64> = archive.by_name(&name)?;
            let shape: Vec<String> = array.shape().iter().map(|n| n.to_string()).collect();
            let mut hash: u64 = 0xcbf29ce484222325;
            for byte in array.iter().flat_map(|x| x.to_le_bytes()) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x100000001b3);
            }
            println!("{path} {name} {} {hash:016x}", shape.join(","));
        }
    }
    Ok(())
}
