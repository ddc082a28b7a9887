using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The first block of the classic arena's L2: the predeploys of the contracts package, each a proxy at its
/// well-known address with its implementation beside, as the package's own genesis lays them out (source:
/// OP Stack specification, predeploys). Not there: the governance token and the attestation service, which
/// no withdrawal touches.
/// </summary>
internal sealed class L2Genesis
{
    /// <summary>Production's scalars of the fee for data on L1.</summary>
    public const int BaseFeeScalar = 1_368;

    /// <summary>See <see cref="BaseFeeScalar"/>.</summary>
    public const int BlobBaseFeeScalar = 810_949;

    /// <summary>
    /// Target gas of a block is a sixth of its limit, and the base fee changes by a 250th (OP Mainnet since
    /// Canyon).
    /// </summary>
    public const int FeeElasticity = 6;

    /// <summary>See <see cref="FeeElasticity"/>.</summary>
    public const int FeeDenominator = 250;

    // Production's first base fee: 1 gwei.
    private static readonly BigInteger BaseFee = 1_000_000_000;

    // Where ERC-1967 proxies keep their implementation and their admin.
    private static readonly Bytes32 ImplementationSlot =
        Bytes32.Parse("0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

    private static readonly Bytes32 AdminSlot =
        Bytes32.Parse("0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103");

    // OpenZeppelin's mark of a contract that may not be initialized again. The messenger's shares its slot
    // with twenty bytes that an older version used.
    private static readonly BigInteger Initialized = 1;
    private static readonly BigInteger MessengerInitialized = BigInteger.One << 160;

    // What the messenger remembers as the sender between messages.
    private static readonly BigInteger NoSender = 0xdead;

    // The node's pool takes every deposit for number 0 of its sender, and lets a transaction that has this
    // number, and pays, replace it. So the accounts begin at another.
    private const ulong UserNonce = 1;

    private const int MessengerSenderSlot = 204;
    private const int MessengerOtherSlot = 207;

    // Fee vaults pay out on the L2 itself, from this many wei on.
    private const int VaultNetwork = 1;
    private static readonly BigInteger VaultMinimum = 10 * ArenaOptions.Ether;

    private readonly EthereumNode _node;
    private readonly DeploymentPlan _artifacts;
    private readonly ArenaOptions _options;
    private readonly ArenaAccounts _accounts;
    private readonly List<Predeploy> _predeploys;

    public L2Genesis(
        EthereumNode node,
        DeploymentPlan artifacts,
        ArenaOptions options,
        ArenaAccounts accounts,
        L1Contracts l1)
    {
        _node = node;
        _artifacts = artifacts;
        _options = options;
        _accounts = accounts;
        _predeploys = Plan(accounts.Owner.Address, options, l1);
    }

    /// <summary>Writes the genesis file; the code comes from running the constructors on a node.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellation)
    {
        CallRequest[] creations =
        [
            Creation("Proxy", new Proxy.Constructor { Admin = AddressAt(Predeploy.ProxyAdmin) }),
            .. _predeploys.Select(each => Creation(each.Name, each.Constructor)),
        ];
        IReadOnlyList<CallOutcome> outcomes =
            await _node.CallManyAsync(creations, cancellation).ConfigureAwait(false);
        ReadOnlyMemory<byte>[] codes =
            [.. outcomes.Select(outcome => outcome.Require("The constructor of a predeploy"))];
        using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter writer = new(file);
        Write(writer, codes[0], codes[1..]);
    }

    /// <summary>The handles of the predeploys on the L2's node.</summary>
    public L2Contracts Contracts(EthereumNode l2) => new()
    {
        MessagePasser = Handle(l2, "L2ToL1MessagePasser"),
        Messenger = Handle(l2, "L2CrossDomainMessenger"),
        Bridge = Handle(l2, "L2StandardBridge"),
        Erc721Bridge = Handle(l2, "L2ERC721Bridge"),
        TokenFactory = Handle(l2, "OptimismMintableERC20Factory"),
        L1Block = Handle(l2, "L1Block"),
        GasPriceOracle = Handle(l2, "GasPriceOracle"),
        Weth = Handle(l2, "WETH"),
        ProxyAdmin = Handle(l2, "ProxyAdmin"),
    };

    private static List<Predeploy> Plan(Address owner, ArenaOptions options, L1Contracts l1)
    {
        BigInteger messenger = Number(AddressAt(Predeploy.Messenger));
        return
        [
            new(0x00, "LegacyMessagePasser"),
            new(0x02, "DeployerWhitelist"),
            new(0x06, "WETH") { IsProxied = false },
            new(Predeploy.Messenger, "L2CrossDomainMessenger")
            {
                Storage =
                [
                    (0, MessengerInitialized), (MessengerSenderSlot, NoSender),
                    (MessengerOtherSlot, Number(l1.Messenger.Address)),
                ],
            },
            new(0x0f, "GasPriceOracle"),
            new(Predeploy.Bridge, "L2StandardBridge")
            {
                Storage = [(0, Initialized), (3, messenger), (4, Number(l1.Bridge.Address))],
            },
            new(0x12, "OptimismMintableERC20Factory")
            {
                Storage = [(0, Initialized), (1, Number(AddressAt(Predeploy.Bridge)))],
            },
            new(0x13, "L1BlockNumber"),
            new(Predeploy.Erc721Bridge, "L2ERC721Bridge")
            {
                Storage = [(0, Initialized), (1, messenger), (2, Number(l1.Erc721Bridge.Address))],
            },
            new(0x15, "L1Block"),
            new(0x16, "L2ToL1MessagePasser"),
            new(0x17, "OptimismMintableERC721Factory")
            {
                Constructor = new OptimismMintableERC721Factory.Constructor
                {
                    Bridge = AddressAt(Predeploy.Erc721Bridge),
                    RemoteChainId = options.L1ChainId,
                },
            },
            new(Predeploy.ProxyAdmin, "ProxyAdmin")
            {
                Constructor = new ProxyAdmin.Constructor { Owner = owner },
                Storage = [(0, Number(owner))],
            },
            .. Vaults(owner),
        ];
    }

    private static IEnumerable<Predeploy> Vaults(Address owner) =>
    [
        new(0x11, "SequencerFeeVault")
        {
            Constructor = new SequencerFeeVault.Constructor
            {
                Recipient = owner,
                MinWithdrawalAmount = VaultMinimum,
                WithdrawalNetwork = VaultNetwork,
            },
        },
        new(0x19, "BaseFeeVault")
        {
            Constructor = new BaseFeeVault.Constructor
            {
                Recipient = owner,
                MinWithdrawalAmount = VaultMinimum,
                WithdrawalNetwork = VaultNetwork,
            },
        },
        new(0x1a, "L1FeeVault")
        {
            Constructor = new L1FeeVault.Constructor
            {
                Recipient = owner,
                MinWithdrawalAmount = VaultMinimum,
                WithdrawalNetwork = VaultNetwork,
            },
        },
    ];

    private void Write(
        Utf8JsonWriter writer, ReadOnlyMemory<byte> proxyCode, ReadOnlyMemory<byte>[] codes)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("config");
        writer.WriteNumber("chainId", _options.L2ChainId);
        writer.WriteEndObject();
        writer.WriteString("nonce", "0x0");
        writer.WriteString("timestamp", Hex.FormatQuantity(_options.Timestamp));
        writer.WriteString("extraData", ExtraData());
        writer.WriteString("gasLimit", Hex.FormatQuantity(_options.L2GasLimit));
        writer.WriteString("difficulty", "0x0");
        writer.WriteString("baseFeePerGas", Hex.FormatQuantity(BaseFee));
        writer.WriteString("mixHash", default(Bytes32).ToString());
        writer.WriteString("coinbase", AddressAt(Predeploy.SequencerVault).ToString());
        writer.WriteStartObject("alloc");
        foreach (ArenaAccount account in _accounts.All)
        {
            WriteAccount(writer, account.Address, _options.AccountBalance, default, [], UserNonce);
        }

        for (int index = 0; index < codes.Length; index++)
        {
            Predeploy predeploy = _predeploys[index];
            Address address = AddressAt(predeploy.Number);
            if (!predeploy.IsProxied)
            {
                WriteAccount(writer, address, 0, codes[index], Slots(predeploy.Storage));
                continue;
            }

            // An implementation has the marks of initialization only, so that nobody can take it over.
            Address implementation = predeploy.ImplementationAddress;
            IEnumerable<(int, BigInteger)> marks = predeploy.Storage.Where(slot => slot.Slot == 0);
            WriteAccount(writer, implementation, 0, codes[index], Slots(marks));
            IEnumerable<(Bytes32, Bytes32)> slots =
            [
                (ImplementationSlot, Word(implementation)),
                (AdminSlot, Word(AddressAt(Predeploy.ProxyAdmin))),
                .. Slots(predeploy.Storage),
            ];
            WriteAccount(writer, address, 0, proxyCode, slots);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Since Holocene a header says how the next base fee follows (source: OP Stack specification, Holocene,
    // execution engine): version 0, denominator, elasticity. A local node writes nothing there.
    private string ExtraData() => _options.L2 == ArenaL2.Derived
        ? $"0x00{FeeDenominator:x8}{FeeElasticity:x8}"
        : "0x";

    private static void WriteAccount(
        Utf8JsonWriter writer,
        Address address,
        BigInteger balance,
        ReadOnlyMemory<byte> code,
        IEnumerable<(Bytes32 Slot, Bytes32 Value)> storage,
        ulong nonce = 0)
    {
        writer.WriteStartObject(address.ToString());
        writer.WriteString("nonce", Hex.FormatQuantity(nonce));
        writer.WriteString("balance", Hex.FormatQuantity(balance));
        if (!code.IsEmpty)
        {
            writer.WriteString("code", Hex.Format(code.Span));
        }

        writer.WriteStartObject("storage");
        foreach ((Bytes32 slot, Bytes32 value) in storage)
        {
            writer.WriteString(slot.ToString(), value.ToString());
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private CallRequest Creation(string name, object? constructor) => new()
    {
        From = _accounts.Owner.Address,
        Data = _artifacts.Artifact(name).EncodeDeployment(constructor),
        GasLimit = StepArena.TransactionGasLimit,
    };

    private Contract Handle(EthereumNode l2, string name)
    {
        int number = _predeploys.First(each => each.Name == name).Number;
        return new Contract(name, l2, AddressAt(number));
    }

    private static IEnumerable<(Bytes32, Bytes32)> Slots(IEnumerable<(int Slot, BigInteger Value)> storage) =>
        storage.Select(each => (Bytes32.FromInteger(each.Slot), Bytes32.FromInteger(each.Value)));

    private static Address AddressAt(int number) => Predeploy.AddressAt(number);

    private static BigInteger Number(Address address) => Word(address).ToInteger();

    private static Bytes32 Word(Address address)
    {
        byte[] word = new byte[Bytes32.SizeBytes];
        address.CopyTo(word.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return new Bytes32(word);
    }
}
