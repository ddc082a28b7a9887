namespace Culverin.Harness.Local;

/// <summary>
/// A moment of a chain, for the node that made it; see <see cref="IL2Chain.RememberAsync"/>.
/// </summary>
public abstract class ChainSnapshot;
