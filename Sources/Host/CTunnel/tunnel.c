#define _GNU_SOURCE
#include "include/tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

static struct sockaddr socket_address(uint32_t address) {
  union {
    struct sockaddr any;
    struct sockaddr_in internet;
  } value = {.internet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)}};
  return value.any;
}

static int configure(int s, const char *name, uint32_t address, uint32_t peer, uint32_t prefix, uint32_t transfer, int route) {
  struct ifreq request = {0};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  request.ifr_mtu = (int)transfer;
  if (ioctl(s, SIOCSIFMTU, &request) != 0) return -1;
  request.ifr_addr = socket_address(address);
  if (ioctl(s, SIOCSIFADDR, &request) != 0) return -1;
  request.ifr_netmask = socket_address(prefix == 0 ? 0 : ~(uint32_t)0 << (32 - prefix));
  if (ioctl(s, SIOCSIFNETMASK, &request) != 0) return -1;
  if (ioctl(s, SIOCGIFFLAGS, &request) != 0) return -1;
  request.ifr_flags |= IFF_UP;
  if (ioctl(s, SIOCSIFFLAGS, &request) != 0) return -1;
  if (!route) return 0;
  struct rtentry entry = {.rt_flags = RTF_UP | RTF_GATEWAY};
  entry.rt_dst = entry.rt_genmask = socket_address(0);
  entry.rt_gateway = socket_address(peer);
  return ioctl(s, SIOCADDRT, &entry);
}

int sice_tunnel_make(const char *name, uint32_t address, uint32_t peer, uint32_t prefix, uint32_t transfer, int route) {
  int file = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return -1;
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (s >= 0 && ioctl(file, TUNSETIFF, &request) == 0 &&
      configure(s, name, address, peer, prefix, transfer, route) == 0) {
    close(s);
    return file;
  }
  int error = errno;
  if (s >= 0) close(s);
  close(file);
  errno = error;
  return -1;
}

long sice_tunnel_read(int file, void *first, size_t first_count, void *second, size_t second_count) {
  struct iovec parts[] = {{first, first_count}, {second, second_count}};
  long count = readv(file, parts, second_count ? 2 : 1);
  return count < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : count;
}

long sice_tunnel_write(int file, const void *first, size_t first_count, const void *second, size_t second_count) {
  struct iovec parts[] = {{(void *)first, first_count}, {(void *)second, second_count}};
  long count = writev(file, parts, second_count ? 2 : 1);
  /* EINVAL: no IP packet. EIO: the interface is down. ENOBUFS, ENOMEM, EAGAIN: no room. Networks lose such packets. */
  if (count >= 0 || errno == EBADFD || errno == EBADF) return count;
  return 0;
}

int sice_bell_open(const char *path) {
  int file = open(path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  struct termios settings;
  if (file < 0 || tcgetattr(file, &settings) != 0) return -1;
  cfmakeraw(&settings);
  /* Without CLOCAL the driver asks for interrupts of the modem lines. */
  settings.c_cflag &= ~(tcflag_t)(CLOCAL | CRTSCTS | HUPCL);
  return tcsetattr(file, TCSANOW, &settings) == 0 ? file : -1;
}

int sice_bell_wait(int file) {
  return ioctl(file, TIOCMIWAIT, TIOCM_RNG) != 0 && errno != EINTR ? -1 : 0;
}

int sice_run(int when) {
  static const int policies[] = {SCHED_OTHER, SCHED_BATCH, SCHED_IDLE};
  struct sched_param none = {0};
  return sched_setscheduler(0, policies[when], &none);
}
