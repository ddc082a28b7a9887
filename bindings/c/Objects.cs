using System.Diagnostics.CodeAnalysis;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Abi;

/// <summary>What culverin_machine stands for.</summary>
internal sealed class MachineObject(IEngineMachine machine, MachineOptions options) : HandleObject
{
    /// <summary>The machine.</summary>
    public IEngineMachine Machine => machine;

    /// <inheritdoc/>
    protected override void Release()
    {
        machine.Dispose();
        Settings.Close(options);
    }
}

/// <summary>What culverin_trace stands for.</summary>
internal sealed class TraceObject(ITraceIndex index, MachineOptions options) : HandleObject
{
    /// <summary>The index.</summary>
    public ITraceIndex Index => index;

    /// <inheritdoc/>
    protected override void Release()
    {
        index.Dispose();
        Settings.Close(options);
    }
}

/// <summary>What culverin_proof stands for.</summary>
internal sealed class ProofObject(StepProof proof) : HandleObject
{
    private byte[]? _json;

    /// <summary>The proof.</summary>
    public StepProof Proof => proof;

    /// <summary>The proof as a file; made once.</summary>
    public byte[] Json => _json ??= ProofText.Of(proof);

    /// <inheritdoc/>
    protected override bool IsShared => true;
}

/// <summary>What culverin_analysis stands for.</summary>
internal sealed class AnalysisObject(string json) : HandleObject
{
    /// <summary>The report.</summary>
    public string Json => json;

    /// <inheritdoc/>
    protected override bool IsShared => true;
}

/// <summary>What culverin_cancel stands for.</summary>
[SuppressMessage(
    "Design",
    "CA1001",
    Justification = "A run may still ask the source when the token is freed; it holds nothing native.")]
internal sealed class CancelObject : HandleObject
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Signalled on request.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    protected override bool IsShared => true;

    /// <summary>Signals it.</summary>
    public void Request() => _source.Cancel();
}
