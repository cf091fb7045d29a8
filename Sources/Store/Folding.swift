/// Case folding: each capital becomes its small letter where Unicode's simple mappings lead both
/// ways (A–Z, Å, É, Ж; not ß ẞ İ K ſ), and nothing else changes. Never normalises.
package enum Folding {
  /// The folded text.
  package static func fold(_ text: String) -> String {
    preconditionFailure("contract only")
  }
}
