using FuncChat.Engine.Store;
using FuncChat.Tools.Identity;
using FuncChat.Tools.Mcp.SignIn;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Secrets;

/// <summary>Removes what is stored of sign-ins that users have started and not completed.</summary>
internal sealed partial class SecretUpkeep(IEnumerable<ISecretStore> stores, TimeProvider time, ILogger<SecretUpkeep> logger) : ExpiryService(Age * 4, time)
{
    // Longer than a sign-in may take, also by another clock.
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    internal override async Task RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        foreach (var store in stores)
            await store.RemoveOlderThanAsync(McpSignIns.PendingSecrets, Age, cancellationToken);
    }

    [LoggerMessage(1704, LogLevel.Error, "Sign-ins that were not completed could not be removed. The removal will be retried")]
    protected override partial void LogFailed(Exception exception);
}
