/// Returns once that is so. Sleeps in between, for other tests want to run as well.
func eventually(_ isSo: () -> Bool) async {
  while !isSo() { try? await Task.sleep(for: .microseconds(500)) }
}
