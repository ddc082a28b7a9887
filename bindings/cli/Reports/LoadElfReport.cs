namespace Culverin.Cli.Reports;

/// <summary>What a program became: its first state, and the files written (empty for none).</summary>
internal sealed record LoadElfReport(
    byte StateVersion,
    string Type,
    ulong EntryPoint,
    int Segments,
    int Symbols,
    int Pages,
    string WitnessHash,
    string Out,
    string Meta) : Report("loadElf");
