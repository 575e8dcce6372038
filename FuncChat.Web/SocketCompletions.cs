namespace FuncChat.Web;

/// <summary>Configures where the continuation of a socket operation runs.</summary>
public static class SocketCompletions
{
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string Threads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Runs it on the thread that received the data. .NET reads this from the environment once, so call it before the first socket opens. There is a thread for
    /// each core, and two on one core: while one waits for a disk, the other one continues.
    /// </summary>
    public static void RunInline()
    {
        Environment.SetEnvironmentVariable(Inline, "1");
        if (Environment.ProcessorCount == 1 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Threads)))
            Environment.SetEnvironmentVariable(Threads, "2");
    }
}
