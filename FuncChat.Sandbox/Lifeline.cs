namespace FuncChat.Sandbox;

/// <summary>
/// Ends this process when the host does. The host holds the other end of standard input open for as long as it wants the script
/// or document to be processed; the kernel closes it when the host dies, however that happens. (Linux's PR_SET_PDEATHSIG is bound to the host's <em>thread</em>
/// that started the child, and a thread-pool thread may retire while the script runs.)
/// </summary>
internal static class Lifeline
{
    public static void Watch(Stream input)
    {
        var thread = new Thread(() =>
        {
            try
            {
                // Nothing follows the code, so any return means that the host is gone.
                input.ReadByte();
            }
            finally
            {
                Environment.Exit(1);
            }
        })
        {
            IsBackground = true,
        };
        thread.Start();
    }
}
