namespace FuncChat.Web;

/// <summary>Configures where the continuation of a socket operation runs.</summary>
public static class SocketCompletions
{
    /// <summary>Runs it on the thread that received the data. .NET reads this from the environment once, so call it before the first socket opens.</summary>
    public static void RunInline() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
