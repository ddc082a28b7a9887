namespace Culverin.Translate;

/// <summary>The micro-operations of one instruction in the list of its trace.</summary>
/// <param name="Start">Index of the first.</param>
/// <param name="End">Index behind the last.</param>
internal readonly record struct MicroRange(int Start, int End);
