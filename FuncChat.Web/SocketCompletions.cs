namespace FuncChat.Web;

/// <summary>Where the code after a receive runs.</summary>
public static class SocketCompletions
{
    /// <summary>Runs it on the thread that received, without a hop. Only the environment turns this on, and it is read once: call it before the first socket opens.</summary>
    public static void RunInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
