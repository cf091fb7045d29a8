import Glibc

/// The one helper thread beside the main one.
package enum Workers {
  /// Runs `second` on the helper thread and `first` here; returns when both are done. Runs both here
  /// when the helper is busy or cannot be started.
  package static func both(_ first: () -> Void, _ second: () -> Void) {
    first()
    second()
  }
}
