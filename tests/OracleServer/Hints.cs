using System.Buffers.Binary;

namespace OracleServer;

/// <summary>The hint channel: takes each hint and acknowledges it.</summary>
internal sealed class Hints
{
    private readonly byte[] _acknowledgement;
    private readonly Action<byte[]>? _onHint;

    /// <summary>Acknowledges with the given bytes, after calling <paramref name="onHint"/>.</summary>
    public Hints(byte[]? acknowledgement = null, Action<byte[]>? onHint = null)
    {
        _acknowledgement = acknowledgement ?? [0];
        _onHint = onHint;
    }

    /// <summary>Serves until the machine closes the channel.</summary>
    public void Run()
    {
        byte[] length = new byte[4];
        try
        {
            while (Pipes.TryRead(Pipes.HintRequests, length))
            {
                byte[] payload = new byte[BinaryPrimitives.ReadUInt32BigEndian(length)];
                if (!Pipes.TryRead(Pipes.HintRequests, payload))
                {
                    return;
                }

                _onHint?.Invoke(payload);
                Pipes.HintAnswers.Write(_acknowledgement);
            }
        }
        catch (IOException)
        {
            // The machine closed the channel in the middle of a hint.
        }
    }
}
