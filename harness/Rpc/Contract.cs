using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>
/// A contract on a chain: its address and the node to ask. The types of its functions are in the folder
/// Contracts. May be used from several threads at once.
/// </summary>
/// <param name="Name">The contract's name, for messages.</param>
/// <param name="Node">The node of its chain.</param>
/// <param name="Address">Its address; the proxy's when it has one.</param>
public sealed record Contract(string Name, EthereumNode Node, Address Address)
{
    /// <summary>The same kind of contract at another address.</summary>
    public Contract At(Address address) => this with { Address = address };

    /// <summary>The name and address.</summary>
    public override string ToString() => $"{Name} {Address}";
}
