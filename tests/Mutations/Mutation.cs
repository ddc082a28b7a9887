namespace Culverin.Mutations;

/// <summary>A rule or check of the player, and how it is taken away.</summary>
/// <param name="Name">What is missing then, in words with hyphens.</param>
/// <param name="File">The file below harness/ that holds it.</param>
/// <param name="Find">Text that is in the file exactly once.</param>
/// <param name="Replacement">What stands there instead.</param>
/// <param name="Red">What must turn red.</param>
internal sealed record Mutation(string Name, string File, string Find, string Replacement, Guard Red);

/// <summary>Cases that a rule or check has to be noticed by.</summary>
/// <param name="Tests">
/// Parts of the full names of tests in tests/Harness, with | between them; null for none.
/// </param>
/// <param name="Scenarios">Scenarios by their ids; empty for none.</param>
internal sealed record Guard(string? Tests, params string[] Scenarios);
