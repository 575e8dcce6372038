using System.Buffers.Binary;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using FuncChat.Sandbox;

namespace FuncChat.Tools.Sandboxes;

/// <summary>
/// A child process that carries out one request and is then discarded. Nothing here waits on a token: <see cref="Kill"/> closes the child's pipes, and every
/// read ends with it.
/// </summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private const int KeptErrorBytes = 2048;

    /// <summary>Long, since a busy machine delays the start.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly FrameReader _frames;

    private SandboxProcess(Process process, int outputLimit)
    {
        _process = process;
        _errors = DrainAsync(process.StandardError.BaseStream);
        // A character is at most six bytes in JSON; there is the console, the result, and a header for each line.
        _frames = new FrameReader(process.StandardOutput.BaseStream, 64 * 1024 + 20L * outputLimit);
    }

    public int Id => _process.Id;

    /// <exception cref="Win32Exception">The operating system can't start it.</exception>
    public static SandboxProcess Start(ProcessStartInfo command, int outputLimit) =>
        new(Process.Start(command) ?? throw new InvalidOperationException("No process was started."), outputLimit);

    /// <summary>The request to process a script in UTF-16 or a document.</summary>
    public static byte[] RequestFor(ReadOnlySpan<byte> content, TimeSpan timeout, int outputLimit)
    {
        var request = new byte[SandboxProtocol.RequestHeaderSize + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(request, (int)timeout.TotalMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(4), outputLimit);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(8), content.Length);
        content.CopyTo(request.AsSpan(SandboxProtocol.RequestHeaderSize));
        return request;
    }

    /// <summary>Waits until the child is ready for its request. False if it has ended, or is not ready in time: then it is killed.</summary>
    public async Task<bool> WaitUntilReadyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(StartLimit, time);
        await using var onDeadline = deadline.Token.Register(Kill);
        await using var onCancel = cancellationToken.Register(Kill);
        try
        {
            if (await ReadAsync() is not { Kind: SandboxProtocol.Ready })
                return false;
            LowerPriority();
            return true;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return false;
        }
    }

    /// <summary>Sends the request. The pipe stays open: a child whose input ends exits, since its host is gone.</summary>
    public async Task SendAsync(byte[] request)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(request);
            await _process.StandardInput.BaseStream.FlushAsync();
        }
        catch (IOException)
        {
            // The child is gone; reading its output shows it.
        }
    }

    /// <summary>The child's next frame; null when it has ended.</summary>
    /// <exception cref="InvalidDataException">The child has sent an invalid frame.</exception>
    public ValueTask<Frame?> ReadAsync() => _frames.ReadAsync();

    /// <summary>The beginning of the child's standard error, once it has ended.</summary>
    public Task<string> ReadErrorsAsync() => _errors;

    /// <summary>Ends the child and its own children at once; does nothing when it has ended.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Returns when the process has ended and its pipes are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        await _errors;
        // A process closes only those of its streams that were never used.
        await _process.StandardInput.BaseStream.DisposeAsync();
        await _process.StandardOutput.BaseStream.DisposeAsync();
        await _process.StandardError.BaseStream.DisposeAsync();
        _process.Dispose();
    }

    // In Linux, where each thread has its own, the child does so for all of its threads.
    private void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
            return;
        try
        {
            _process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It has ended already; reading its output shows it.
        }
    }

    private static async Task<string> DrainAsync(Stream stream)
    {
        var kept = new StringBuilder();
        var buffer = new byte[KeptErrorBytes];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var count)
            {
                if (kept.Length < KeptErrorBytes)
                    kept.Append(Encoding.UTF8.GetString(buffer, 0, count));
            }
        }
        catch (IOException)
        {
            // The pipe was closed during the read.
        }

        return kept.ToString();
    }
}
