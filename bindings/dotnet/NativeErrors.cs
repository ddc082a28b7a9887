using System.Text;
using Culverin.Abi.Types;

namespace Culverin.Native;

/// <summary>Statuses as exceptions.</summary>
internal static unsafe class NativeErrors
{
    private const int MessageBytes = 1024;

    /// <summary>Throws unless the status is OK.</summary>
    /// <param name="status">What a call returned.</param>
    /// <param name="handle">The handle that tells the message; null for the thread's.</param>
    public static void Require(Status status, void* handle = null)
    {
        if (status != Status.Ok)
        {
            throw Of(status, handle);
        }
    }

    private static Exception Of(Status status, void* handle)
    {
        // SAFETY: the buffer lives on the stack during the calls, and has the size that is told.
        sbyte* text = stackalloc sbyte[MessageBytes];
        nuint length;
        void* source = status == Status.Misuse ? null : handle;
        Status told = NativeMethods.Message(source, text, MessageBytes, &length);
        if (told == Status.BufferTooSmall)
        {
            return Error(status, LongMessage(source, (int)length));
        }

        string message = told == Status.Ok ? Encoding.UTF8.GetString((byte*)text, (int)length) : "";
        return Error(status, message);
    }

    private static string LongMessage(void* handle, int size)
    {
        byte[] buffer = new byte[size + 1];
        nuint length;
        fixed (byte* text = buffer)
        {
            return NativeMethods.Message(handle, (sbyte*)text, (nuint)buffer.Length, &length) == Status.Ok
                ? Encoding.UTF8.GetString(buffer.AsSpan(0, (int)length))
                : "";
        }
    }

    private static Exception Error(Status status, string message) => status switch
    {
        Status.Misuse or Status.BufferTooSmall or Status.Internal =>
            new InvalidOperationException($"The native library refused a call: {message}"),
        _ => new CulverinException((ErrorCode)(int)status, message),
    };
}
