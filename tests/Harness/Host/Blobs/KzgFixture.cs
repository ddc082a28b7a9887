using Culverin.Harness.Host.Blobs;

namespace Culverin.Harness.Tests.Host.Blobs;

/// <summary>One process for KZG proofs for all tests of a class.</summary>
public sealed class KzgFixture : IDisposable
{
    public KzgProcess Process { get; } = new(Repository.Packages);

    public void Dispose() => Process.Dispose();
}
