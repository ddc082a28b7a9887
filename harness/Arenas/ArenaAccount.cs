using System.Text;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// An account of an arena with a name and a key made from it, the same in every run. The keys are public:
/// they are for local chains only.
/// </summary>
public sealed class ArenaAccount
{
    internal ArenaAccount(string name)
    {
        Name = name;
        KeyDigits = Bytes32.Keccak256(Encoding.UTF8.GetBytes("culverin arena " + name));
        Key = new PrivateKey(KeyDigits.ToArray());
        Signer = new LocalSigner(Key);
    }

    /// <summary>What the account is for.</summary>
    public string Name { get; }

    /// <summary>Its key.</summary>
    public PrivateKey Key { get; }

    /// <summary>The bytes of the key, for programs that read it from a file.</summary>
    internal Bytes32 KeyDigits { get; }

    /// <summary>Its address.</summary>
    public Address Address => Key.Address;

    /// <summary>Signs by its key.</summary>
    public ISigner Signer { get; }

    /// <summary>The name and address.</summary>
    public override string ToString() => $"{Name} {Address}";
}
