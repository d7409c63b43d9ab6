internal import Testing

@Suite("Assignments: nothing is decided by the bytes of a later value")
struct AssignmentLookaheadTests {
  @Test(
    "A name read forwards ends where an escaped separator could stand",
    arguments: [
      "-token%3A⟦=b⟧ key", "<token%3D⟦=⟧>x", " --token ⟦\\ntoken%3D::⟧ x", "token= ⟦a%3Dtoken=b⟧ c",
      "<password> token=\"⟦a<b⟧\" x</y",
    ])
  func forwards(text: String) throws { try AssignmentRig.check(text) }
}
