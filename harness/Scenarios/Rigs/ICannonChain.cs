using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>The L2 that a game of a fault-proof program is about, and that program.</summary>
internal interface ICannonChain
{
    /// <summary>Hash of the program's first state.</summary>
    Bytes32 Prestate { get; }

    /// <summary>Where blobs are; null where none are posted.</summary>
    BeaconEndpoint? Beacon { get; }

    /// <summary>The L2's node for whoever is honest or judges; there once blocks were made.</summary>
    EthereumNode Node { get; }

    /// <summary>Writes the program's first state into a folder and returns the file's path.</summary>
    string WritePrestate(string folder);

    /// <summary>Makes the L2's blocks and posts what is to be on L1.</summary>
    Task MakeBlocksAsync(CannonGame game);

    /// <summary>Right output roots.</summary>
    IOutputSource Outputs();
}
