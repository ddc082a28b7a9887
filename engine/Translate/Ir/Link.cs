namespace Culverin.Translate.Ir;

/// <summary>A direct jump from one superblock to another, which is written once the other exists.</summary>
/// <param name="Site">Where the jump's distance stands in the code.</param>
/// <param name="Stub">Code that asks for the other superblock; where the jump leads until then.</param>
/// <param name="Target">Guest address of the other superblock.</param>
internal readonly record struct Link(int Site, int Stub, ulong Target);
