use super::FaultInfo;
pub(super) const ROWS: &[FaultInfo] = &[];
