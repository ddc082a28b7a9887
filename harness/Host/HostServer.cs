using System.Buffers.Binary;
using Culverin.Oracle;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Harness.Host;

/// <summary>
/// Serves an oracle to a virtual machine that started this process: hints come on descriptor 3 and are
/// acknowledged on 4, keys come on 5 and are answered on 6 (VM-SPEC 13.3).
/// </summary>
public static class HostServer
{
    private const int HintRequests = 3;
    private const int HintAnswers = 4;
    private const int PreimageRequests = 5;
    private const int PreimageAnswers = 6;

    /// <summary>
    /// Serves until the machine closes the channels. Throws what the oracle throws, and <see
    /// cref="CulverinException"/> when the machine does not keep to the protocol or is not there.
    /// </summary>
    public static void Run(IPreimageOracle oracle)
    {
        using FileStream keys = Open(PreimageRequests, FileAccess.Read);
        using FileStream answers = Open(PreimageAnswers, FileAccess.Write);
        using FileStream hints = Open(HintRequests, FileAccess.Read);
        using FileStream acknowledgements = Open(HintAnswers, FileAccess.Write);
        CulverinException? hintFailure = null;
        Thread listener = new(() => hintFailure = ServeHints(oracle, hints, acknowledgements))
        {
            IsBackground = true,
            Name = "hints",
        };
        listener.Start();
        ServePreimages(oracle, keys, answers);

        // A failed listener has closed its channel, which makes the machine close the others.
        if (hintFailure is { } failure)
        {
            throw new CulverinException(failure.Code, failure.Message, failure);
        }
    }

    private static void ServePreimages(IPreimageOracle oracle, FileStream keys, FileStream answers)
    {
        byte[] key = new byte[32];
        while (TryRead(keys, key))
        {
            byte[] value = oracle.GetPreimage(key);
            byte[] answer = new byte[sizeof(ulong) + value.Length];
            BinaryPrimitives.WriteUInt64BigEndian(answer, (ulong)value.Length);
            value.CopyTo(answer.AsSpan(sizeof(ulong)));
            if (!TryWrite(answers, answer))
            {
                return;
            }
        }
    }

    private static CulverinException? ServeHints(
        IPreimageOracle oracle, FileStream hints, FileStream acknowledgements)
    {
        byte[] length = new byte[sizeof(uint)];
        try
        {
            while (TryRead(hints, length))
            {
                uint size = BinaryPrimitives.ReadUInt32BigEndian(length);
                if (size > HostHint.TextLengthMax)
                {
                    throw new CulverinException(
                        ErrorCode.LimitExceeded, $"The machine announced a hint of {size} bytes.");
                }

                byte[] payload = new byte[size];
                if (!TryRead(hints, payload))
                {
                    return null;
                }

                oracle.Hint(payload);
                if (!TryWrite(acknowledgements, [0]))
                {
                    return null;
                }
            }

            return null;
        }
        catch (CulverinException error)
        {
            acknowledgements.Dispose();
            return error;
        }
    }

    private static bool TryRead(FileStream stream, byte[] buffer)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static bool TryWrite(FileStream stream, ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
            return true;
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static FileStream Open(int descriptor, FileAccess access)
    {
        try
        {
            // When nobody passed the descriptor, the runtime may have given the number to a file of its own.
            string name = $"/proc/self/fd/{descriptor}";
            if (OperatingSystem.IsLinux()
                && File.ResolveLinkTarget(name, returnFinalTarget: false) is { } target
                && !target.Name.StartsWith("pipe:", StringComparison.Ordinal)
                && !target.Name.StartsWith("socket:", StringComparison.Ordinal))
            {
                throw new IOException($"Descriptor {descriptor} is no pipe.");
            }

            // No buffer: a byte that was asked for must not wait for more.
            return new FileStream(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);
        }
        catch (Exception error)
            when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            throw new CulverinException(
                ErrorCode.PreimageServer,
                $"Descriptor {descriptor} is not open: only a virtual machine can start this program.",
                error);
        }
    }
}
