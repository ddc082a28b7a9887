using Culverin.Harness.Arenas;
using Culverin.Harness.Local;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>The same over an L2 that follows from L1, for tests that ask its nodes.</summary>
public sealed class DerivedPlayerFixture : PlayerFixture
{
    private protected override ArenaOptions? Chains { get; } = L2Program.IsThere ? ArenaChains.Usual : null;
}
