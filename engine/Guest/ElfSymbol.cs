namespace Culverin.Guest;

/// <summary>An entry of the symbol table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Guest address.</param>
/// <param name="SizeBytes">Its size.</param>
internal sealed record ElfSymbol(string Name, ulong Start, ulong SizeBytes);
