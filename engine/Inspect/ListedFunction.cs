namespace Culverin.Inspect;

/// <summary>A function of a listing.</summary>
/// <param name="Name">Its symbol; empty where there is none.</param>
/// <param name="Start">Address of its first listed instruction.</param>
/// <param name="Instructions">
/// Its instructions in the order of addresses, made while they are asked for.
/// </param>
internal sealed record ListedFunction(
    string Name, ulong Start, IEnumerable<ListedInstruction> Instructions);
