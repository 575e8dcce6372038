using System.Collections.Concurrent;
using Azure;
using Azure.Security.KeyVault.Secrets;

namespace FuncChat.Azure.Secrets;

/// <summary>Reads all settings that a vault has.</summary>
internal sealed class VaultReader(SecretClient client, TimeProvider time)
{
    /// <summary>The longest that reading them may take, sign-in included.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const int ReadAtOnce = 8;

    /// <returns>The values by setting. A secret that is disabled, expired or not valid yet is left out.</returns>
    /// <exception cref="TimeoutException">The vault, or the sign-in, did not answer in time.</exception>
    public async Task<IDictionary<string, string?>> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            // Not every credential honors the token: a command line tool may continue.
            return await ReadAllAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The vault did not answer within {Limit}.", late);
        }
    }

    private async Task<IDictionary<string, string?>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var values = new ConcurrentDictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        await foreach (var secret in client.GetPropertiesOfSecretsAsync(cancellationToken))
        {
            if (IsInForce(secret))
                names.Add(secret.Name);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ReadAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, parallel, async (name, token) =>
        {
            if (await ValueOfAsync(name, token) is { } value)
                values[SecretName.SettingOf(name)] = value;
        });
        return values;
    }

    private async Task<string?> ValueOfAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.GetSecretAsync(name, cancellationToken: cancellationToken)).Value.Value;
        }
        catch (RequestFailedException gone) when (gone.Status == 404 || VaultFailures.Says(gone, "SecretDisabled"))
        {
            // Removed or disabled since it was listed.
            return null;
        }
    }

    // A managed one is the private key of a certificate.
    private bool IsInForce(SecretProperties secret)
    {
        var now = time.GetUtcNow();
        return !secret.Managed && secret.Enabled != false && !(secret.NotBefore > now) && !(secret.ExpiresOn <= now);
    }
}
