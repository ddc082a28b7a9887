namespace Culverin.Cli.Reports;

/// <summary>What a state commits to, in the fields that the reference prints.</summary>
internal sealed record ReferenceWitness(
    byte StateVersion, string WitnessHash, string Witness, ulong Step, bool Exited, byte ExitCode);
