namespace Culverin.Abi;

/// <summary>An argument that no correct caller passes; becomes CULVERIN_E_MISUSE.</summary>
internal sealed class MisuseException(string message) : Exception(message);
