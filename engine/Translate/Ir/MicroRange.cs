namespace Culverin.Translate.Ir;

/// <summary>The micro-operations of one instruction in the list of its superblock.</summary>
/// <param name="Start">Index of the first.</param>
/// <param name="End">Index behind the last.</param>
internal readonly record struct MicroRange(int Start, int End);
