import Glibc
import Testing

@Test func probe() {
  let dump = BinderDump()
  guard let file = fopen("/tmp/binder_probe.txt", "r") else { return }
  defer { fclose(file) }
  var line: UnsafeMutablePointer<CChar>?
  var size = 0
  while getline(&line, &size, file) > 0, let start = line {
    var text = String(cString: start)
    if text.hasSuffix("\n") { text.removeLast() }
    print(">", text)
    print("  ", dump.dump(text))
    for hint in dump.hints(text) { print("   #", hint) }
  }
}
