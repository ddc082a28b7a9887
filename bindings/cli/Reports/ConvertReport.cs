namespace Culverin.Cli.Reports;

/// <summary>A state in another version.</summary>
internal sealed record ConvertReport(
    byte FromVersion, byte StateVersion, string Type, string WitnessHash, string Output) : Report("convert");
