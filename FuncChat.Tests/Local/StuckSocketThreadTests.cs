using FuncChat.Tests.Support;

namespace FuncChat.Tests.Local;

/// <summary>A disk that stalls holds a socket thread, which may be one that accepts connections.</summary>
public sealed class StuckSocketThreadTests
{
    private const int Requests = 16;

    public static TheoryData<int> Threads => [.. Enumerable.Range(0, StuckSocketThread.Count)];

    // Connections are assigned to the threads in turn, so that a part of them waits.
    [LinuxTheory]
    [MemberData(nameof(Threads))]
    public async Task New_connections_are_answered_whichever_socket_thread_is_held(int thread)
    {
        using var folder = new TemporaryFolder();
        await using var local = await LocalProcess.StartWithHeldThreadAsync(folder.Path, thread);

        var answers = Enumerable.Range(0, Requests).Select(_ => local.Http.GetStringAsync("api/health")).ToList();

        Assert.Contains("\"status\":", await await Task.WhenAny(answers));
    }
}
